import { readLogTail } from '@tunasync/run-log';

/** As many lines at the end of a log as a refusal and what follows it can take. */
const lastLines = 40;

/** rsync's own: `start_daemon`/`rsync_module` in clientserver.c; before 3.0 with one hyphen. */
const maxConnections = /^@ERROR: (max connections \(-?\d+\) reached --? try again later)$/;

/**
 * What an upstream says that wants us to come back later. Sources:
 * - `max connections (N) reached -- try again later`: rsync's clientserver.c
 * - `per-IP connection limit for upstream X reached, retry later`: rsync-proxy (github.com/ustclug/rsync-proxy)
 * - `failed to update module connection lock; please try again later`: oc-rsync's daemon
 * - the rest: what operators write into the scripts that `pre-xfer exec` of rsyncd.conf(5) runs while they update
 */
const laterPatterns: readonly RegExp[] = [
  /\bmax connections \(-?\d+\) reached\b/i,
  /\b(?:try|retry|come back) (?:again )?(?:later|in \d+)\b/i,
  /\btoo many (?:\w+ )?(?:connections|clients|users)\b/i,
  /\bconnection limit\b.*\breached\b/i,
  /\b(?:update|updating|sync|syncing|synchroni[sz]ation|mirroring|maintenance)(?: is)?(?: currently| still)? in progress\b/i,
  /\b(?:currently|being) (?:being )?(?:updat|synce?|synchroni[sz])(?:ed|ing|d)\b/i,
  /\b(?:server|daemon|mirror|system|host|we)(?: is| are)?(?: currently| too| very)* (?:busy|overloaded)\b/i,
];

/**
 * rsync-proxy's answer when its queue is full. It comes as a message of the day, after which the session is closed as
 * if all had been said: rsync then ends with 0 without having looked at a single file.
 */
const queueFull = /^Server queue is full for this upstream\. Please retry later\.$/;

const isAfterword = (line: string): boolean => /^rsync(?::| error:| warning:)/.test(line);
const asksForLater = (text: string): boolean => laterPatterns.some((pattern) => pattern.test(text));

/** One line of printable text, short enough for a message. */
function oneLine(lines: readonly string[]): string {
  const text = lines
    .join(' ')
    // eslint-disable-next-line no-control-regex -- what an upstream sends goes to terminals
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

async function readLastLines(logFile: string): Promise<string[]> {
  try {
    const { text } = await readLogTail(logFile, lastLines);
    return text.split('\n').filter((line) => line.trim() !== '');
  } catch {
    return [];
  }
}

/**
 * How the upstream of a failed rsync asked to come back later; undefined when it did not.
 *
 * Only rsync's own last words count, the daemon's `@ERROR: …` or what a failed `pre-xfer exec` said, and
 * only when nothing but rsync's errors comes after them: names of files and messages of the day never do.
 */
export async function findRefusal(logFile: string): Promise<string | undefined> {
  const lines = await readLastLines(logFile);
  while (isAfterword(lines.at(-1) ?? '')) lines.pop();
  const error = /^@ERROR: (.*)$/.exec(lines.at(-1) ?? '')?.[1];
  if (error !== undefined) return asksForLater(error) ? oneLine([error]) : undefined;
  // the script's own words take lines of their own, a few at most
  const failed = lines.findLastIndex((line) =>
    /^(?:@ERROR: )?pre-xfer exec returned failure \(\d+\)/.test(line),
  );
  const words = failed < 0 ? [] : lines.slice(failed + 1);
  return words.length <= 10 && words.some(asksForLater) ? oneLine(words) : undefined;
}

/** How an upstream refused an rsync that ended with 0 all the same; undefined when it did not. */
export async function findQuietRefusal(logFile: string): Promise<string | undefined> {
  const last = (await readLastLines(logFile)).at(-1) ?? '';
  return queueFull.test(last) ? oneLine([last]) : undefined;
}

/**
 * How the upstream of a failed script that runs rsync asked to come back later: its daemon's exact words, which no
 * rsync that failed for another reason follows.
 */
export async function findRefusalInScript(logFile: string): Promise<string | undefined> {
  const lines = await readLastLines(logFile);
  const at = lines.findLastIndex((line) => maxConnections.test(line));
  if (at < 0) return undefined;
  const later = lines.slice(at + 1).filter((line) => line.startsWith('rsync error: '));
  if (later.some((line) => !line.includes('(code 5)'))) return undefined;
  return maxConnections.exec(lines[at] ?? '')?.[1];
}
