import { EncodedBody } from '@tunasync/http';

/** Segments below `/ui/` that an address of a page has at most; the frontend's have three. */
export const deepest = 8;

const baseElement = /<base\s+href="[^"]*"\s*\/?>/;

/**
 * An HTML file that is the answer at many addresses. Its `<base>` leads from each of them back to `/ui/`, without a word
 * of where that is: a proxy may have put any path before it.
 */
export class HtmlPage {
  readonly #parts: [before: string, after: string];
  readonly #atDepth: EncodedBody[] = [];

  /** @param text - undefined when there is no `<base href="…">` in it */
  static of(text: string): HtmlPage | undefined {
    const found = baseElement.exec(text);
    if (found === null) return undefined;
    return new HtmlPage(text.slice(0, found.index), text.slice(found.index + found[0].length));
  }

  private constructor(before: string, after: string) {
    this.#parts = [before, after];
  }

  /** The page for an address. @param depth - folders between `/ui/` and the page; at most {@link deepest} */
  at(depth: number): EncodedBody {
    const [before, after] = this.#parts;
    return (this.#atDepth[depth] ??= new EncodedBody(
      `${before}<base href="${depth === 0 ? './' : '../'.repeat(depth)}" />${after}`,
      undefined,
      ['br', 'gzip'],
    ));
  }
}
