import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { plainText, spansOf } from '../site/log-view/lines/ansi-spans.js';
import { markPlaces, placesOf } from '../site/log-view/lines/mark-matches.js';
import { errorWords } from '../site/log-view/search/error-words.js';

const esc = '\u001b';

describe('colours of a line', () => {
  test('are parts with a name, for which the page has its own shades', () => {
    expect(spansOf(`a ${esc}[1;31mred${esc}[0m ${esc}[92;44mon blue${esc}[39mrest`)).toEqual([
      { text: 'a ', foreground: undefined, background: undefined, styles: [] },
      { text: 'red', foreground: { named: 'red' }, background: undefined, styles: ['bold'] },
      { text: ' ', foreground: undefined, background: undefined, styles: [] },
      { text: 'on blue', foreground: { named: 'brightGreen' }, background: { named: 'blue' }, styles: [] },
      { text: 'rest', foreground: undefined, background: { named: 'blue' }, styles: [] },
    ]);
  });

  const colourOf = (sequence: string): unknown => spansOf(`${esc}[${sequence}mx`)[0]?.foreground;

  test('of the table of 256 and of 16 million are RGB values', () => {
    expect(colourOf('38;5;1')).toEqual({ named: 'red' });
    expect(colourOf('38;5;12')).toEqual({ named: 'brightBlue' });
    expect(colourOf('38;5;16')).toEqual({ rgb: 'rgb(0 0 0)' });
    expect(colourOf('38;5;208')).toEqual({ rgb: 'rgb(255 135 0)' });
    expect(colourOf('38;5;255')).toEqual({ rgb: 'rgb(238 238 238)' });
    expect(colourOf('38;2;1;2;300')).toEqual({ rgb: 'rgb(1 2 255)' });
    expect(colourOf('38:2::10:20:30')).toEqual({ rgb: 'rgb(10 20 30)' });
    expect(colourOf('38;5;999')).toBeUndefined();
    expect(colourOf('38;5;x')).toBeUndefined();
  });

  test('that are absent leave the text as it is', () => {
    expect(spansOf('plain')).toEqual([{ text: 'plain', styles: [] }]);
    expect(spansOf('')).toEqual([]);
  });
});

describe('control characters', () => {
  test.each([
    ['moves of the cursor', `a${esc}[2K${esc}[1;1Hb${esc}[?25lc`, 'abc'],
    ['titles of windows', `${esc}]0;title\u0007a${esc}]8;;http://x${esc}\\b`, 'ab'],
    ['other strings for terminals', `a${esc}Pq#0${esc}\\b${esc}_x${esc}\\c`, 'abc'],
    ['single sequences', `a${esc}(Bb${esc}cc${esc}7`, 'abc'],
    ['a sequence that is cut off', `a${esc}[3`, 'a'],
    ['controls', 'a\u0001\u0007\u007f\u009bb', 'a'],
    ['turns of direction', 'a\u202eb\u2066c', 'abc'],
    ['backspaces with what they go over', '|\b/\b-\b\\ done', '\\ done'],
    ['backspaces over colours', `a${esc}[31m\bb\b\b\b\bc`, 'c'],
  ])('are removed: %s', (_, text, shown) => {
    expect(plainText(text)).toBe(shown);
  });

  test('do not affect tabs, spaces and visible text', () => {
    expect(plainText('\ta  <b>&amp;</b> 中文 🚀')).toBe('\ta  <b>&amp;</b> 中文 🚀');
  });

  test('are never shown, whatever the input', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(esc, `${esc}[`, `${esc}]`, `${esc}[31m`, '\b', '\u009b', 'm', ';'),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        // eslint-disable-next-line no-control-regex -- these must not be there
        expect(plainText(pieces.join(''))).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('a match', () => {
  test('is found with and without regard to case', () => {
    expect(placesOf('a.b A.B axb', 'a.b', false)).toEqual([
      [0, 3],
      [4, 7],
    ]);
    expect(placesOf('a.b A.B', 'A.B', true)).toEqual([[4, 7]]);
    expect(placesOf('(a+)+$ [x]{1}|^\\/-', '(a+)+$ [x]{1}|^\\/-', true)).toEqual([[0, 18]]);
    expect(placesOf('İi', 'i', false)).toEqual([[1, 2]]);
    expect(placesOf('abc', '', true)).toEqual([]);
  });

  test('is marked across colours', () => {
    const spans = spansOf(`no ${esc}[31mer${esc}[32mror${esc}[0m!`);
    expect(
      markPlaces(spans, placesOf('no error!', 'error', true)).map(({ text, isMatch }) => [text, isMatch]),
    ).toEqual([
      ['no ', false],
      ['er', true],
      ['ror', true],
      ['!', false],
    ]);
  });

  test('changes no text', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string({ maxLength: 2 }), (texts, needle) => {
        const spans = texts.map((text) => ({ text, styles: [] }));
        const marked = markPlaces(spans, placesOf(texts.join(''), needle, false));
        expect(marked.map(({ text }) => text).join('')).toBe(texts.join(''));
      }),
    );
  });
});

describe('the first error', () => {
  const isError = (line: string): boolean => new RegExp(errorWords).test(line);

  test.each([
    'rsync error: some files/attrs were not transferred (see previous errors) (code 23) at main.c(1865)',
    'rsync: [sender] link_stat "/x" failed: No such file or directory (2)',
    'rsync: connection unexpectedly closed (0 bytes received so far) [Receiver]',
    "@ERROR: Unknown module 'x'",
    'ERROR 404: Not Found.',
    'curl: (28) Operation timed out',
    'write failed on "/srv/x": No space left on device (28)',
    'IOError: [Errno 5] Input/output error',
    'E: Failed to fetch http://x',
    '[ERROR] oops',
    'Traceback (most recent call last):',
    'ssh: connect to host x port 22: Connection refused',
    'fatal: unable to access',
    'mkdir: Permission denied.',
  ])('is %s', (line) => {
    expect(isError(line)).toBe(true);
  });

  test.each([
    'pool/main/libg/libgpg-error/libgpg-error0_1.47-2_amd64.deb',
    'python3-timeout-decorator_0.5.deb',
    'logs/errors/error.html',
    'failed-login.tar.gz',
    'errors: 0',
    '0 errors, 0 warnings',
    'sent 34 bytes  received 4 bytes  25.33 bytes/sec',
  ])('is not %s', (line) => {
    expect(isError(line)).toBe(false);
  });

  test('is found by an expression that the worker accepts', () => {
    expect(errorWords.length).toBeLessThanOrEqual(500);
  });
});
