import type { Heartbeat } from '@tunasync/protocol';

/** What a worker says of itself in a heartbeat, but for what only its connection knows. */
export type WorkerFacts = Omit<Heartbeat, 'outbox' | 'time'>;

/** What a worker engine knows of itself; the program that it is part of knows its version. */
export type EngineFacts = Omit<WorkerFacts, 'version'>;
