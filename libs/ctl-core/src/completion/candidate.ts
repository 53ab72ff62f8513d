/** A word that could stand where the cursor is. */
export interface Candidate {
  word: string;
  /** One line; empty: none. */
  description: string;
}

/** What could stand where the cursor is; `names` have to be asked for. */
export type Wanted =
  | { kind: 'words'; words: Candidate[] }
  | { kind: 'files' }
  | { kind: 'mirrors'; worker: string | undefined }
  | { kind: 'workers' }
  | { kind: 'logs'; mirror: string; worker: string | undefined };
