import { Tabs } from '@mantine/core';
import type { JSX } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'wouter';
import type { ApiJob } from '../../api/types.js';
import { mirrorTabs, type MirrorTab } from '../../routes/routes.js';
import { lazyPart } from '../../ui/lazy-part.js';
import classes from './mirror-tabs.module.css';

const NowTab = lazyPart(async () => (await import('./now/now-tab.js')).NowTab);
const RunsTab = lazyPart(async () => (await import('./runs/runs-tab.js')).RunsTab);
const ConfigTab = lazyPart(async () => (await import('./config/config-tab.js')).ConfigTab);
const LogView = lazyPart(async () => (await import('../../log-view/view/log-view.js')).LogView);

/** The tabs of a mirror. Each is loaded on demand. */
export function MirrorTabs({ job }: { job: ApiJob }): JSX.Element {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const { worker, name } = job;
  const tab = mirrorTabs.find((one) => one === search.get('tab')) ?? 'now';
  const change = (to: string | null): void => {
    setSearch(to === null || to === 'now' ? {} : { tab: to }, { replace: true });
  };
  const panels: Record<MirrorTab, JSX.Element> = {
    now: <NowTab job={job} />,
    runs: <RunsTab job={job} />,
    log: <LogView worker={worker} name={name} />,
    config: <ConfigTab worker={worker} name={name} />,
  };
  return (
    <Tabs value={tab} onChange={change} keepMounted={false}>
      <Tabs.List className={classes.list} aria-label={t('mirror.tabs.label')}>
        {mirrorTabs.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`mirror.tabs.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {mirrorTabs.map((one) => (
        <Tabs.Panel key={one} value={one} className={classes.panel}>
          {panels[one]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
