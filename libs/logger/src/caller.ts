/** `name.ts:12` at the end of a stack frame such as `at f (file:///x/name.ts:12:5)`. */
const position = /([^\\/():]+:\d+):\d+\)?$/;

/** `file.ts:12` of the code that called `callee`, or undefined when the engine does not tell. */
export function callerOf(callee: (...args: never[]) => unknown): string | undefined {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, callee);
  // the first line names the error, the second is the caller
  return position.exec(holder.stack?.split('\n', 2)[1] ?? '')?.[1];
}
