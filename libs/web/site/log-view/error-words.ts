/** Words of their own, not parts of the names of files, as in `python3-timeout-decorator.deb`. */
const words = (list: string): string => String.raw`(^|[^-\w./])(${list})(\.?(\s|$)|[^-\w./])`;

/**
 * What tells that something went wrong, in the words of those who write into logs of mirrors: rsync and its ssh,
 * apt-mirror, wget, curl, git, lftp, programs in Python and Go, the kernel. An RE2 expression, in which upper and lower
 * case are the same. Neither `libgpg-error0.deb` in a list of files nor `0 errors` is one.
 */
export const errorWords = [
  // "rsync error: …", "ERROR 404", "IOError: …", "error=…", "[ERROR] …", "Error in …", a line of its own
  String.raw`(^|[^-\w./])\w*(error|exception)s?( \d+)?(\]|=|:\s*([^\s0]|$)|\s+(in|at|while|when|from|code|during|occurred)\b)`,
  String.raw`(^|[\[\s])error\s*$`,
  String.raw`^rsync: (\[\w+\] )?[a-z]`,
  words('fatal|panic|critical|traceback|abort(ed|ing)|segmentation fault|out of memory|oom-kill(er)?'),
  words('failed|failure|cannot|could not|unable to|timed? ?out'),
  'permission denied|access denied|no space left|disk quota exceeded|read-only file system|input/output error',
  'connection (refused|reset|closed|unexpectedly)|unexpectedly closed|no route to host|name or service not known',
].join('|');
