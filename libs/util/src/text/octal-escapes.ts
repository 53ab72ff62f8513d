/** Replaces `\040` and its kind, as /proc/self/mountinfo escapes them. Source: proc_pid_mountinfo(5). */
export function undoOctalEscapes(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
