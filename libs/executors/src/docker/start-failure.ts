import { open } from 'node:fs/promises';
import { firstLine, saysAway } from './docker-client.js';

/** Exit codes of `docker run` for its own failures. Source: docker run(1), "Exit Status". */
const ownCodes = new Set([125, 126, 127]);

/** Bytes of the log to examine; the client's messages are short. */
const lookAt = 64 * 1024;

/** Where the client's words stand. */
export interface LogSection {
  file: string;
  /** Bytes that were in the log before. */
  offset: number;
}

/** Whether the client itself may have ended with this code, and not the command. */
export function mayBeClients(code: number | null): boolean {
  return code !== null && ownCodes.has(code);
}

/**
 * Why the client could not run a container of `image`, for people; undefined when it gave no reason.
 *
 * @param alone - whether no other process can have written there
 */
export async function startFailure(
  section: LogSection,
  image: string,
  alone: boolean,
): Promise<string | undefined> {
  const text = await readSection(section).catch(() => '');
  const said = [...text.matchAll(/^docker: .+$/gm)].at(-1)?.[0];
  if (said !== undefined && saysAway(said)) return `the Docker engine does not answer: ${firstLine(said)}`;
  if (text.includes('Unable to find image') && !text.includes('Status: Downloaded')) {
    const why = said ?? text.trim().split('\n').at(-1) ?? '';
    return `image ${image} is not there, and cannot be fetched: ${firstLine(why)}`;
  }
  // messages about its own arguments have no such mark
  const words = said ?? (alone && text.trim() !== '' ? text : undefined);
  return words === undefined ? undefined : firstLine(words);
}

async function readSection({ file, offset }: LogSection): Promise<string> {
  const log = await open(file, 'r');
  try {
    const { bytesRead, buffer } = await log.read(Buffer.alloc(lookAt), 0, lookAt, offset);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await log.close();
  }
}
