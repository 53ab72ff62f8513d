import { expect, test } from '@jest/globals';
import { memoryLogger, nullLogger } from '../src/index.js';

test('a memory logger records its own lines and those of its children, in order', () => {
  const logger = memoryLogger();
  logger.debug('a');
  const child = logger.child({ mirror: 'debian' });
  child.child({ attempt: 2 }).warn('b', { mirror: 'ubuntu' });
  logger.error('c');
  expect(logger.lines).toEqual([
    { level: 'debug', message: 'a', fields: {} },
    { level: 'warn', message: 'b', fields: { mirror: 'ubuntu', attempt: 2 } },
    { level: 'error', message: 'c', fields: {} },
  ]);
  expect(logger.messages()).toEqual(['a', 'b', 'c']);
  expect(logger.messages('warn')).toEqual(['b']);
  logger.clear();
  expect(logger.messages()).toEqual([]);
});

test('the null logger takes everything and gives itself as child', () => {
  nullLogger.error('x');
  expect(nullLogger.child({})).toBe(nullLogger);
});
