/** Types that pages and manager share. Only types: the schemas stay with the manager. */
export type {
  ApiAttention,
  ApiChanges,
  ApiCommandReply,
  ApiHello,
  ApiJob,
  ApiJobs,
  ApiOverview,
  ApiRunSpan,
  ApiTimeline,
  ApiWorker,
  JobConfig,
  JobPlan,
  JobSort,
  JobState,
  JobStateCounts,
  LogFile,
  LogSearchReply,
  RunRecord,
  Wait,
  WebMirrorStatus,
  WorkerState,
} from '@tunasync/protocol';

/** Identifies a job. */
export interface JobKey {
  readonly worker: string;
  readonly name: string;
}
