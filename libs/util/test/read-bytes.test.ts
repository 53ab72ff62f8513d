import { describe, expect, test } from '@jest/globals';
import { readBytes } from '../src/index.js';

describe('readBytes', () => {
  /** A body of these texts that counts how often it was asked, and remembers whether it was closed. */
  function bodyOf(texts: readonly string[], failure?: Error) {
    const state = { asked: 0, closed: false };
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for (const text of texts) {
          state.asked += 1;
          yield await Promise.resolve(Buffer.from(text));
        }
        if (failure !== undefined) throw failure;
      } finally {
        state.closed = true;
      }
    }
    return { state, body: body() };
  }

  test('a body of exactly the allowed length is complete', async () => {
    const { bytes, complete } = await readBytes(bodyOf(['ab', 'c']).body, 3);
    expect([bytes.toString(), complete]).toEqual(['abc', true]);
    expect(await readBytes(bodyOf([]).body, 0)).toEqual({ bytes: Buffer.alloc(0), complete: true });
  });

  test('a longer body is cut, closed and read no further', async () => {
    const { state, body } = bodyOf(['ab', 'cd', 'ef']);
    const { bytes, complete } = await readBytes(body, 3);
    expect([bytes.toString(), complete]).toEqual(['abc', false]);
    expect(state).toEqual({ asked: 2, closed: true });
  });

  test('a body that breaks off rejects with its error', async () => {
    await expect(readBytes(bodyOf(['ab'], new Error('reset')).body, 9)).rejects.toThrow('reset');
  });
});
