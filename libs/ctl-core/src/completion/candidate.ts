/** A possible word at the cursor. */
export interface Candidate {
  word: string;
  /** One line; may be empty. */
  description: string;
}

/** The kind of word that is possible at the cursor. The manager knows the names. */
export type Wanted =
  | { kind: 'words'; words: Candidate[] }
  | { kind: 'files' }
  | { kind: 'mirrors'; worker: string | undefined }
  | { kind: 'workers' }
  | { kind: 'logs'; mirror: string; worker: string | undefined };
