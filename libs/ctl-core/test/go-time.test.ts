import { describe, expect, test } from '@jest/globals';
import { parseTime } from '@tunasync/protocol';
import { GoTime } from '../src/index.js';

const goTime = (text: string): GoTime => new GoTime(parseTime(text));
/** Go's own example time in its package documentation. */
const example = goTime('2006-01-02T15:04:05.123456789-07:00');

describe('GoTime', () => {
  test.each([
    ['2026-11-23T17:21:52Z', '2026-11-23 17:21:52 +0000 UTC'],
    ['2026-11-23T17:21:52+08:00', '2026-11-23 17:21:52 +0800 +0800'],
    ['2026-11-23T17:21:52.43448Z', '2026-11-23 17:21:52.43448 +0000 UTC'],
    ['0001-01-01T00:00:00Z', '0001-01-01 00:00:00 +0000 UTC'],
  ])('%s is printed as %s', (text, printed) => {
    expect(String(goTime(text))).toBe(printed);
  });

  test('Unix seconds', () => {
    expect(goTime('2026-11-23T17:21:52.9Z').unix()).toBe(1795454512);
    expect(goTime('0001-01-01T00:00:00Z').unix()).toBe(-62135596800);
  });

  test.each([
    // the constants of Go's package time
    ["01/02 03:04:05PM '06 -0700", "01/02 03:04:05PM '06 -0700"],
    ['Mon Jan _2 15:04:05 2006', 'Mon Jan  2 15:04:05 2006'],
    ['Mon Jan _2 15:04:05 MST 2006', 'Mon Jan  2 15:04:05 -0700 2006'],
    ['Monday, 02-Jan-06 15:04:05 MST', 'Monday, 02-Jan-06 15:04:05 -0700'],
    ['2006-01-02T15:04:05Z07:00', '2006-01-02T15:04:05-07:00'],
    ['2006-01-02T15:04:05.999999999Z07:00', '2006-01-02T15:04:05.123456789-07:00'],
    ['3:04PM', '3:04PM'],
    ['3:04pm', '3:04pm'],
    ['Jan _2 15:04:05.000000', 'Jan  2 15:04:05.123456'],
    ['January 2, 1 3 4 5', 'January 2, 1 3 4 5'],
    ['15:04:05,000', '15:04:05,123'],
    ['15:04:05.99', '15:04:05.12'],
    ['002 __2', '002   2'],
    ['-07 -07:00 -0700 -070000 -07:00:00', '-07 -07:00 -0700 -070000 -07:00:00'],
    ['Z07 Z0700 Z070000 Z07:00:00', '-07 -0700 -070000 -07:00:00'],
    // literal text that resembles an element
    ['Janet Month .0001', 'Janet Month .0001'],
    ['_2006', '_2006'],
    ['no elements', 'no elements'],
    ['鏡 15', '鏡 15'],
  ])('layout %j gives %j', (layout, text) => {
    expect(example.format(layout)).toBe(text);
  });

  test.each([
    ['2026-11-23T00:05:09Z', '3:04:05 PM pm', '12:05:09 AM am'],
    ['2026-11-23T12:05:09Z', '03 PM', '12 PM'],
    ['2026-11-23T17:21:52Z', '05.999', '52'],
    ['2026-11-23T17:21:52Z', '05.000', '52.000'],
    ['2026-11-23T17:21:52Z', 'Z07:00 -0700 MST', 'Z +0000 UTC'],
    ['2024-12-31T17:21:52Z', '002 __2', '366 366'],
    ['2026-11-23T23:30:00-05:30', '2 -07:00 -07', '23 -05:30 -05'],
  ])('%s formatted by %j gives %j', (text, layout, formatted) => {
    expect(goTime(text).format(layout)).toBe(formatted);
  });
});
