import { expect, test } from '@jest/globals';
import { sseEvent } from '../src/index.js';

test('no text can end an event or begin another one', () => {
  expect(sseEvent({ data: 'a' })).toBe('data: a\n\n');
  expect(sseEvent({ event: 'log', id: 'x:5', data: 'a\r\nid: 1\n\ndata: b\rc' })).toBe(
    'event: log\nid: x:5\ndata: a\ndata: id: 1\ndata: \ndata: data: b\ndata: c\n\n',
  );
  expect(sseEvent({ data: '' })).toBe('data: \n\n');
});
