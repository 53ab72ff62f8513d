/** Words of their own, not parts of the names of files, as in `python3-timeout-decorator.deb`. */
const words = [
  '[Ff]atal|FATAL|[Pp]anic|Traceback|[Aa]bort(?:ed|ing)|[Ss]egmentation fault|[Oo]ut of memory',
  '[Ff]ailed|FAILED|[Ff]ailure|[Cc]annot|[Cc]ould not|[Uu]nable to|[Tt]imed? ?out|[Dd]enied',
  '[Nn]o space left|[Rr]ead-only file system|unexpectedly closed|[Cc]onnection (?:refused|reset|closed)',
].join('|');

/**
 * What tells that something went wrong, in the words of those who write into logs of mirrors: rsync and its ssh,
 * apt-mirror, wget, curl, git, lftp, programs in Python and Go, the kernel. Neither `libgpg-error0.deb` in a list of
 * files nor `0 errors` is an error.
 *
 * An RE2 expression of at most 500 characters, which is what a worker takes. It is for a search in which upper and lower
 * case differ, which goes through a log some thirty times as fast. Groups that capture would make it slow, too.
 */
export const errorWords = [
  // "rsync error: …", "ERROR 404", "IOError: …", "[ERROR] …", "Error in …", a line of its own
  String.raw`(?:^|[^-./])(?:[Ee]rror|ERROR|[Ee]xception)(?:$|(?: \d+|s)?(?:\]|:\s*(?:[^\s0]|$)| (?:in|at|from|code)\b))`,
  String.raw`(?:^|[^-\w./])(?:${words})(?:[^-\w./]|\.?$|\. )`,
].join('|');
