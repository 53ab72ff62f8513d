import { AreaChart, BarChart } from '@mantine/charts';
import '@mantine/charts/styles.layer.css';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { Rectangle, type BarShapeProps } from 'recharts';
import { useLocation } from 'wouter';
import type { JobKey, RunRecord } from '../../../api/types.js';
import { bytes, dayTime, duration } from '../../../ui/format.js';
import { axisTicks, chartPoints, type ChartPoint, type Measure } from './chart-data.js';
import classes from './run-chart.module.css';
import { RunResult, resultColours } from './run-result.js';
import { runLogPage } from './run-row.js';

/** Half the width of the mark on failed runs, pixels. */
const crossPx = 3;

/** Space for the upper half of the top label, pixels. */
const margin = { top: 10 };
/** Areas have a lighter colour than text. */
const barColours = {
  ...resultColours,
  success: 'color-mix(in srgb, var(--state-success) 75%, var(--card))',
} as const;

/** A chart of runs for sighted readers; the table contains the same values. */
export function RunChart({
  job,
  runs,
  measure,
}: {
  job: JobKey;
  runs: readonly RunRecord[];
  measure: Measure;
}): JSX.Element {
  const { t, i18n } = useTranslation();
  const [, go] = useLocation();
  const locale = i18n.language;
  const points = chartPoints(runs, measure);
  const values = points.flatMap(({ value }) => (value === null ? [] : [value]));
  if (values.length === 0) return <p className={classes.nothing}>{t('mirror.runs.noValues')}</p>;

  const times = new Map(points.map(({ id, at }) => [id, at]));
  const format = (value: number): string =>
    measure === 'duration' ? duration(value, locale) : bytes(value, locale);
  const timeOf = (id: unknown): string => dayTime(times.get(String(id)) ?? 0, locale);
  // a mirror grows by a small part of its size
  const ticks = axisTicks(measure === 'size' ? Math.min(...values) : 0, Math.max(...values), measure);
  const open = (point: ChartPoint | undefined): void => {
    const page = point && runLogPage(job, point.run);
    if (page !== undefined) go(page);
  };
  const shared = {
    h: '100%',
    dataKey: 'id',
    accessibilityLayer: false,
    textColor: 'var(--text-dim)',
    gridColor: 'var(--line)',
    valueFormatter: format,
    xAxisProps: { tickFormatter: timeOf, minTickGap: 48 },
    yAxisProps: {
      ticks,
      domain: [ticks[0] ?? 0, ticks.at(-1) ?? 1],
      width: 84,
      // keeps it on one line
      tickFormatter: (value: number) => format(value).replaceAll(' ', '\u00a0'),
    },
    tooltipProps: {
      content: ({ payload }: { payload?: readonly { payload?: ChartPoint }[] }) => (
        <RunTip point={payload?.[0]?.payload} format={format} time={timeOf} />
      ),
    },
  };
  const label = t('mirror.runs.chart', { measure: t(`mirror.runs.${measure}`), count: runs.length });
  return (
    <div role="img" aria-label={label} className={classes.chart}>
      {measure === 'size' ? (
        <AreaChart
          {...shared}
          data={points.map((point) => ({ ...point }))}
          series={[{ name: 'value', color: barColours.success }]}
          curveType="stepAfter"
          areaChartProps={{ margin }}
          withDots={values.length < 3}
          connectNulls
          referenceLines={points
            .filter(({ result }) => result === 'failed')
            .map(({ id }) => ({
              x: id,
              color: resultColours.failed,
              strokeOpacity: 0.5,
              strokeDasharray: '2 4',
            }))}
        />
      ) : (
        <BarChart
          {...shared}
          data={points.map((point) => ({
            ...point,
            value: point.value ?? 0,
            color: barColours[point.result],
          }))}
          series={[{ name: 'value' }]}
          minBarSize={2}
          maxBarWidth={24}
          barChartProps={{ barCategoryGap: '15%', margin }}
          barProps={{
            cursor: 'pointer',
            shape: Bar,
            onClick: ({ payload }: { payload?: ChartPoint }) => {
              open(payload);
            },
          }}
        />
      )}
    </div>
  );
}

/** A bar. Failed runs also have a cross, so that colour is not the only difference. */
function Bar(props: BarShapeProps): JSX.Element {
  const { x, y, width, fill } = props;
  const { result } = props.payload as ChartPoint;
  const middle = x + width / 2;
  const above = Math.max(y - 2 * crossPx - 2, 0) + crossPx;
  const cross = [-1, 1].map(
    (side) => `M${middle - crossPx} ${above - side * crossPx}L${middle + crossPx} ${above + side * crossPx}`,
  );
  return (
    <>
      <Rectangle {...props} radius={1} />
      {result === 'failed' && <path d={cross.join('')} stroke={fill} strokeWidth={1.5} />}
    </>
  );
}

function RunTip({
  point,
  format,
  time,
}: {
  point: ChartPoint | undefined;
  format: (value: number) => string;
  time: (id: string) => string;
}): JSX.Element | null {
  if (point === undefined) return null;
  return (
    <div className={classes.tip}>
      <div>{time(point.id)}</div>
      <RunResult result={point.result} />
      <div>{point.value === null ? '–' : format(point.value)}</div>
    </div>
  );
}
