import type { CtlContext } from '../context/context.js';
import { lastShown, safeLine } from '../text/log-line.js';
import { printable } from '../text/printable.js';
import { shortenTo } from '../text/width.js';

/** Moves the cursor to the beginning of the line and clears the line. */
const emptyLine = '\r\u001b[K';

/** Writes lines of logs for a terminal, for a program that reads JSON, or for a file. */
export class LogOutput {
  readonly #context: CtlContext;
  /** Whether the cursor is after an incomplete line. */
  #isUpdating = false;
  #isLost = false;

  constructor(context: CtlContext) {
    this.#context = context;
  }

  /** Writes a line. @param offset - after it, in bytes */
  async line(text: string, log: string, offset: number): Promise<void> {
    const { terminal } = this.#context;
    this.#endUpdate();
    if (this.#context.json()) this.#context.printJson({ log, offset, text }, 'line');
    else if (terminal === undefined) this.#context.print(text);
    else this.#context.print(safeLine(lastShown(text), terminal.colors));
    await this.#context.drained();
  }

  /** Writes the current text of the last line, on a terminal only. */
  update(text: string): void {
    const { terminal } = this.#context;
    if (terminal === undefined || this.#context.json()) return;
    const safe = safeLine(lastShown(text), false).replaceAll('\t', ' ');
    this.#context.write(emptyLine + shortenTo(safe, Math.max(1, terminal.columns() - 1)));
    this.#isUpdating = true;
  }

  /** Writes a message about the log to standard error. */
  tell(line: string): void {
    this.#endUpdate();
    this.#context.tell(line);
  }

  /** Reports a loss of the connection once. */
  lost(why: string): void {
    if (!this.#isLost) this.tell(printable(`${why}; retrying`));
    this.#isLost = true;
  }

  /** Ends a loss of the connection. */
  restored(): void {
    if (this.#isLost) this.tell('reconnected');
    this.#isLost = false;
  }

  #endUpdate(): void {
    if (this.#isUpdating) this.#context.write(emptyLine);
    this.#isUpdating = false;
  }
}
