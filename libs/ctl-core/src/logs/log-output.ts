import type { CtlContext } from '../context/context.js';
import { lastShown, safeLine } from '../text/log-line.js';
import { printable } from '../text/printable.js';
import { shortenTo } from '../text/width.js';

/** Goes to the beginning of the line and empties it. */
const emptyLine = '\r\u001b[K';

/** Writes lines of logs for whoever reads standard output: a terminal, a program that reads JSON, or another. */
export class LogOutput {
  readonly #context: CtlContext;
  /** Whether the cursor is behind a line that is not complete yet. */
  #isUpdating = false;
  #isLost = false;

  constructor(context: CtlContext) {
    this.#context = context;
  }

  /** A line without its end. @param offset - behind it, in bytes */
  async line(text: string, log: string, offset: number): Promise<void> {
    const { terminal } = this.#context;
    this.#endUpdate();
    if (this.#context.json()) this.#context.printJson({ log, offset, text }, 'line');
    else if (terminal === undefined) this.#context.print(text);
    else this.#context.print(safeLine(lastShown(text), terminal.colors));
    await this.#context.drained();
  }

  /** What the last line shows for the moment; only a terminal sees it. */
  update(text: string): void {
    const { terminal } = this.#context;
    if (terminal === undefined || this.#context.json()) return;
    const safe = safeLine(lastShown(text), false).replaceAll('\t', ' ');
    this.#context.write(emptyLine + shortenTo(safe, Math.max(1, terminal.columns() - 1)));
    this.#isUpdating = true;
  }

  /** Says something about the log on standard error. */
  tell(line: string): void {
    this.#endUpdate();
    this.#context.tell(line);
  }

  /** Says once why nothing more comes for now. */
  lost(why: string): void {
    if (!this.#isLost) this.tell(printable(`${why}; trying again`));
    this.#isLost = true;
  }

  /** Something comes again. */
  restored(): void {
    if (this.#isLost) this.tell('connected again');
    this.#isLost = false;
  }

  #endUpdate(): void {
    if (this.#isUpdating) this.#context.write(emptyLine);
    this.#isUpdating = false;
  }
}
