import { expect, test } from '@jest/globals';
import { Emitter } from '../src/index.js';

interface Events {
  started: { name: string };
  ended: { name: string };
}

test('a listener receives the events of its name until it is removed', () => {
  const emitter = new Emitter<Events>(() => undefined);
  const received: string[] = [];
  const listener = ({ name }: { name: string }): void => void received.push(name);
  const removeFirst = emitter.on('started', listener);
  emitter.on('started', listener);
  emitter.emit('started', { name: 'one' });
  removeFirst();
  removeFirst();
  emitter.emit('started', { name: 'two' });
  emitter.emit('ended', { name: 'three' });
  expect(received).toEqual(['one', 'one', 'two']);
});

test('a listener that throws or rejects is reported and stops no other listener', async () => {
  const failures: string[] = [];
  const emitter = new Emitter<Events>((event, error) => void failures.push(`${event}: ${String(error)}`));
  const received: string[] = [];
  emitter.on('started', () => {
    throw new TypeError('thrown');
  });
  emitter.on('started', () => Promise.reject(new TypeError('rejected')));
  emitter.on('started', ({ name }) => received.push(name));
  emitter.emit('started', { name: 'debian' });
  await Promise.resolve();
  expect(received).toEqual(['debian']);
  expect(failures).toEqual(['started: TypeError: thrown', 'started: TypeError: rejected']);
});

test('has reports whether an event has listeners', () => {
  const emitter = new Emitter<Events>(() => undefined);
  expect(emitter.has('started')).toBe(false);
  const remove = emitter.on('started', () => undefined);
  expect([emitter.has('started'), emitter.has('ended')]).toEqual([true, false]);
  remove();
  expect(emitter.has('started')).toBe(false);
});
