/** @jest-environment ./test/dom/environment.js */
import { afterEach, describe, expect, test } from '@jest/globals';
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { LogFile } from '../../site/api/types.js';
import { refusal } from './fake-manager.js';
import { makeJob, minutesAgo, syncing } from './fixtures.js';
import { closePages, openPage, type OpenPage } from './open-page.js';

afterEach(closePages);

const encoder = new TextEncoder();

/** Logs of the mirror `debian`, by name, the newest first; the first may be written. */
class FakeLogs {
  readonly texts: Map<string, string>;
  isLive: boolean;
  /** Last ids in requests for streams. */
  readonly resumed: (string | null)[] = [];
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(texts: Record<string, string>, isLive = false) {
    this.texts = new Map(Object.entries(texts));
    this.isLive = isLive;
  }

  get files(): LogFile[] {
    return [...this.texts].map(([name, text], index) => ({
      name,
      size: encoder.encode(text).length,
      started: minutesAgo(60 + index),
      time: minutesAgo(50 + index),
      failed: name.endsWith('.fail'),
      ...(index === 0 && this.isLive && { live: true }),
    }));
  }

  read(name: string, from: number, to: number): Response {
    const found = [...this.texts].find(([one]) => one.replace(/\.fail$/, '') === name.replace(/\.fail$/, ''));
    if (found === undefined) return refusal(404, 'no such log');
    const bytes = encoder.encode(found[1]);
    const headers = { 'x-log-start': String(from), 'x-log-size': String(bytes.length) };
    return new Response(bytes.slice(from, to), { headers });
  }

  stream(): Response {
    const stream = new ReadableStream<Uint8Array>({ start: (controller) => (this.#stream = controller) });
    return new Response(stream);
  }

  /** Writes lines to the newest log, and streams them. */
  write(...lines: string[]): void {
    const [name, text = ''] = [...this.texts][0] ?? [''];
    let all = text;
    for (const line of lines) {
      all += `${line}\n`;
      this.send(undefined, line, `${name}:${encoder.encode(all).length}`);
    }
    this.texts.set(name, all);
  }

  send(event: string | undefined, data: string, id?: string): void {
    const head = (event === undefined ? '' : `event: ${event}\n`) + (id === undefined ? '' : `id: ${id}\n`);
    this.#stream?.enqueue(encoder.encode(`${head}data: ${data}\n\n`));
  }

  lose(): void {
    this.#stream?.close();
  }
}

const numbered = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');

async function openLog(logs: FakeLogs, query = '', width?: number): Promise<OpenPage> {
  const page = await openPage(`/mirrors/alpha/debian?tab=log${query}`, {
    ...(width !== undefined && { width }),
    prepare: (manager) => {
      manager.jobs = [makeJob('debian', logs.isLive ? syncing : {})];
      manager.on('GET', /^\/jobs\/debian\/logs$/, () => ({ logs: logs.files }));
      manager.on('GET', /^\/jobs\/debian\/logs\/([^/]+)$/, ({ query }, name = '') =>
        logs.read(name, Number(query.get('from') ?? 0), Number(query.get('to') ?? Infinity)),
      );
      manager.on('GET', /^\/jobs\/debian\/log\/stream$/, () => logs.stream());
      manager.on('GET', /^\/jobs\/debian\/logs\/([^/]+)\/search$/, ({ query }, name = '') => {
        const text = [...logs.texts].find(([one]) => one.startsWith(name))?.[1] ?? '';
        const wanted = new RegExp(query.get('q') ?? '', query.has('case') ? '' : 'i');
        let offset = 0;
        const hits = text.split('\n').flatMap((line) => {
          const start = offset;
          offset += line.length + 1;
          const match = wanted.exec(line);
          if (match === null || start < Number(query.get('from') ?? 0)) return [];
          return [{ offset: start, text: line, match: [match.index, match.index + match[0].length] }];
        });
        return {
          hits: hits.slice(0, Number(query.get('limit'))),
          end: text.length,
          size: text.length,
          complete: true,
        };
      });
    },
  });
  await screen.findByRole('log');
  return page;
}

const log = (): HTMLElement => screen.getByRole('log');
const lines = (): (string | null)[] =>
  [...log().querySelectorAll('[data-index]')].map((row) => row.lastElementChild?.textContent ?? null);
const untilLine = (text: string): Promise<void> =>
  waitFor(() => {
    expect(lines()).toContain(text);
  });
const numbers = (): (string | null)[] =>
  [...log().querySelectorAll('[data-index] > a')].map(({ textContent }) => textContent);

describe('a log', () => {
  test('is shown from its end, with line numbers and its end time', async () => {
    await openLog(new FakeLogs({ 'b.log': numbered(5) }));
    await untilLine('line 5');
    expect(lines().slice(0, 5)).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5']);
    expect(numbers()).toEqual(['1', '2', '3', '4', '5']);
    expect(log().textContent).toContain('This log ended at');
  });

  test('is shown as a terminal would: colours, carriage returns, no HTML', async () => {
    await openLog(
      new FakeLogs({ 'b.log': '\u001b[31mred\u001b[0m words\n10 %\r50 %\r100 %\n<img src=x>\n' }),
    );
    await untilLine('100 %');
    expect(lines().slice(0, 3)).toEqual(['red words', '100 %', '<img src=x>']);
    expect(log().querySelector('[data-fg=named]')?.textContent).toBe('red');
    expect(log().querySelector('img')).toBeNull();
  });

  test('of many lines renders only visible ones', async () => {
    await openLog(new FakeLogs({ 'b.log': numbered(3000) }));
    await untilLine('line 3000');
    expect(lines().length).toBeLessThan(120);
  });

  test('says that its attempt failed, and earlier logs can be chosen', async () => {
    const { user } = await openLog(new FakeLogs({ 'b.log.fail': 'new\n', 'a.log': 'old\n' }));
    await untilLine('new');
    expect(log().textContent).toContain('the attempt failed');
    const picker = screen.getByRole('combobox', { name: 'Choose a log' });
    const [newest, older] = within(picker).getAllByRole('option');
    expect(newest?.textContent).toMatch(/✗ failed · newest/);
    await user.selectOptions(picker, older!);
    await untilLine('old');
    expect(location.search).toBe('?tab=log&log=a.log');
  });

  test('shows the line in its address, and links its lines', async () => {
    const { user } = await openLog(
      new FakeLogs({ 'b.log': numbered(300) }),
      `&log=b.log&at=${numbered(99).length}`,
    );
    await untilLine('line 100');
    await waitFor(() => {
      expect(log().querySelector('[data-mark=marked]')?.textContent).toBe('100line 100');
    });
    await user.click(within(log()).getByRole('link', { name: 'Link to line 101' }));
    expect(new URLSearchParams(location.search).get('at')).toBe(String(numbered(100).length));
    expect(log().querySelector('[data-mark=marked]')?.textContent).toBe('101line 101');
  });

  test('that no longer exists leads to the newest', async () => {
    const { user } = await openLog(new FakeLogs({ 'b.log': 'new\n' }), '&log=gone.log');
    await user.click(await screen.findByRole('button', { name: 'Show the newest log' }));
    await untilLine('new');
  });

  test('is wrapped on demand, and the browser remembers it', async () => {
    const { user } = await openLog(new FakeLogs({ 'b.log': 'x\n' }));
    await untilLine('x');
    expect(log().dataset.wrap).toBe('false');
    await user.click(screen.getByRole('button', { name: 'Wrap long lines' }));
    expect(log().dataset.wrap).toBe('true');
    expect(localStorage.getItem('tunasync-log-wrap')).toBe('true');
  });

  test('has its tools in a menu on a phone, where it is wrapped', async () => {
    const { user } = await openLog(new FakeLogs({ 'b.log': 'x\n' }), '', 390);
    expect(log().dataset.wrap).toBe('true');
    await user.click(screen.getByRole('button', { name: 'More actions for this log' }));
    const wrap = await screen.findByRole('menuitemcheckbox', { name: 'Wrap long lines' });
    expect(wrap.getAttribute('aria-checked')).toBe('true');
    await user.click(wrap);
    expect(log().dataset.wrap).toBe('false');
  });
});

describe('a log that is being written', () => {
  test('is followed, as numbered lines', async () => {
    const logs = new FakeLogs({ 'b.log': numbered(3) }, true);
    await openLog(logs);
    await untilLine('line 3');
    await screen.findByText('following');
    act(() => {
      logs.write('more', 'and more');
    });
    await untilLine('and more');
    expect(lines()).toEqual(['line 1', 'line 2', 'line 3', 'more', 'and more']);
    expect(numbers()).toEqual(['1', '2', '3', '4', '5']);
  });

  test('is not followed after scrolling up: new lines are counted, and a button goes back to the end', async () => {
    const logs = new FakeLogs({ 'b.log': numbered(300) }, true);
    const { user } = await openLog(logs);
    await untilLine('line 300');
    await screen.findByText('following');
    fireEvent.wheel(log(), { deltaY: -100 });
    act(() => {
      log().scrollTo(0, 400);
    });
    await untilLine('line 21');
    expect(screen.queryByText('following')).toBeNull();
    act(() => {
      logs.write('a', 'b', 'c');
    });
    const toEnd = await screen.findByRole('button', { name: '3 new lines' });
    expect(lines()).not.toContain('c');
    await user.click(toEnd);
    await untilLine('c');
    expect(await screen.findByText('following')).toBeDefined();
  });

  test('reports a lost stream, and resumes at the same place', async () => {
    const logs = new FakeLogs({ 'b.log': numbered(3) }, true);
    const { manager } = await openLog(logs);
    await untilLine('line 3');
    await screen.findByText('following');
    const before = manager.paths().filter((path) => path.includes('stream')).length;
    act(() => {
      logs.lose();
    });
    expect(await screen.findByText(/^The connection to this log is lost/)).toBeDefined();
    await waitFor(() => {
      expect(manager.paths().filter((path) => path.includes('stream'))).toHaveLength(before + 1);
    });
    await waitFor(() => {
      expect(screen.queryByText(/^The connection to this log is lost/)).toBeNull();
    });
    act(() => {
      logs.write('after');
    });
    await untilLine('after');
    expect(lines()).toEqual(['line 1', 'line 2', 'line 3', 'after']);
  });
});

describe('a search', () => {
  const text = 'first\nerror: one\nthe second\nError: two\nlast\n';
  const box = (): HTMLElement => screen.getByRole('textbox', { name: 'Search this log' });

  test('goes from match to match in both directions, wrapping around', async () => {
    const { user } = await openLog(new FakeLogs({ 'b.log': text }));
    await untilLine('last');
    await user.keyboard('/');
    expect(document.activeElement).toBe(box());
    await user.keyboard('error{Enter}');
    expect(await screen.findByText('1 of 2')).toBeDefined();
    expect(log().querySelector('[data-mark=hit]')?.textContent).toBe('2error: one');
    expect([...log().querySelectorAll('mark')].map(({ textContent }) => textContent)).toEqual([
      'error',
      'Error',
    ]);
    await user.keyboard('{Enter}');
    expect(await screen.findByText('2 of 2')).toBeDefined();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('1 of 2')).toBeDefined();
    await user.keyboard('{Shift>}{Enter}{/Shift}');
    expect(await screen.findByText('2 of 2')).toBeDefined();
    await user.keyboard('{Escape}');
    expect(screen.queryByText('2 of 2')).toBeNull();
    expect(log().querySelector('mark')).toBeNull();
  });

  test('can be case-sensitive, and says that it found nothing', async () => {
    const { user, manager } = await openLog(new FakeLogs({ 'b.log': text }));
    await untilLine('last');
    await user.type(box(), 'ERROR');
    await user.click(screen.getByRole('button', { name: 'Match case' }));
    expect(await screen.findByText('no matches')).toBeDefined();
    expect(manager.paths().some((path) => path.includes('q=ERROR&case=1'))).toBe(true);
  });

  test('says why an expression was refused', async () => {
    const { user, manager } = await openLog(new FakeLogs({ 'b.log': text }));
    await untilLine('last');
    manager.on('GET', /\/search$/, () => refusal(400, 'q: missing closing )'));
    await user.type(box(), '(x');
    await user.click(screen.getByRole('button', { name: 'Regular expression (RE2)' }));
    expect((await screen.findByRole('alert')).textContent).toBe('missing closing )');
  });

  test('for the first error marks its line, or says that there is none', async () => {
    const { user, manager } = await openLog(new FakeLogs({ 'b.log': text }));
    await untilLine('last');
    await user.click(screen.getByRole('button', { name: 'First error' }));
    await waitFor(() => {
      expect(log().querySelector('[data-mark=marked]')?.textContent).toBe('2error: one');
    });
    manager.on('GET', /\/search$/, () => ({ hits: [], end: 10, size: 10, complete: true }));
    await user.click(screen.getByRole('button', { name: 'First error' }));
    expect(await screen.findByText('No line reports an error.')).toBeDefined();
  });
});

describe('a mirror without logs', () => {
  const open = (answer: () => unknown): Promise<OpenPage> =>
    openPage('/mirrors/alpha/debian?tab=log', {
      prepare: (manager) => {
        manager.jobs = [makeJob('debian')];
        manager.on('GET', /^\/jobs\/debian\/logs$/, answer);
      },
    });

  test.each<[string, () => unknown, RegExp]>([
    ['no run has left one', () => ({ logs: [] }), /^There are no logs yet/],
    ['the worker is old', () => refusal(501, 'too old'), /^Worker alpha runs an older version/],
    [
      'the worker is not reached',
      () => refusal(502, 'connection refused'),
      /^The logs of worker alpha are not available: connection refused/,
    ],
  ])('says why: %s', async (_, answer, words) => {
    await open(answer);
    expect(await screen.findByText(words)).toBeDefined();
  });
});
