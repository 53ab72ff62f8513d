/** Words on their own, not parts of file names, as in `python3-timeout-decorator.deb`. */
const words = [
  '[Ff]atal|FATAL|[Pp]anic|Traceback|[Aa]bort(?:ed|ing)|[Ss]egmentation fault|[Oo]ut of memory',
  '[Ff]ailed|FAILED|[Ff]ailure|[Cc]annot|[Cc]ould not|[Uu]nable to|[Tt]imed? ?out|[Dd]enied',
  '[Nn]o space left|[Rr]ead-only file system|unexpectedly closed|[Cc]onnection (?:refused|reset|closed)',
].join('|');

/**
 * Words that report an error in logs of mirrors: by rsync and its ssh, apt-mirror, wget, curl, git, lftp, programs
 * in Python and Go, and the kernel. Neither `libgpg-error0.deb` in a list of files nor `0 errors` is an error.
 *
 * An RE2 expression of at most 500 characters, the limit of a worker, for a case-sensitive search, which is some
 * thirty times as fast as another. Capturing groups would make it slow, too.
 */
export const errorWords = [
  // "rsync error: …", "ERROR 404", "IOError: …", "[ERROR] …", "Error in …", a line of its own
  String.raw`(?:^|[^-./])(?:[Ee]rror|ERROR|[Ee]xception)(?:$|(?: \d+|s)?(?:\]|:\s*(?:[^\s0]|$)| (?:in|at|from|code)\b))`,
  String.raw`(?:^|[^-\w./])(?:${words})(?:[^-\w./]|\.?$|\. )`,
].join('|');
