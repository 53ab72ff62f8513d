/** Every `minutes` minutes, counted from the end of the last sync. */
export interface IntervalRule {
  kind: 'interval';
  minutes: number;
}

/** At the times of a cron expression, in a time zone. */
export interface CronRule {
  kind: 'cron';
  /** 5 fields, or 6 or 7 with seconds first and the year last. */
  expression: string;
  /** IANA name. */
  timezone: string;
}

/** At fixed times of the day: `anchor`, and every `minutes` minutes before and after it. */
export interface FixedRateRule {
  kind: 'fixed-rate';
  /** Divides 1440. */
  minutes: number;
  /** Minutes after midnight. */
  anchor: number;
  /** IANA name. */
  timezone: string;
}

/** When a job is due again. `kind` distinguishes the rules. */
export type ScheduleRule = IntervalRule | CronRule | FixedRateRule;
