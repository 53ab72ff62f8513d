import { describe, expect, test } from '@jest/globals';
import { runCtl } from './run-ctl.js';
import { stubManager, type SeenRequest } from './stub-manager.js';
import { readExchanges, readTranscript, type Exchange } from './transcript.js';

const asJson = (text: string): unknown => (text.trim() === '' ? null : JSON.parse(text));

const sameRequest = (exchange: Exchange, { method, path, body }: SeenRequest): boolean =>
  exchange.request.method === method &&
  exchange.request.path === path &&
  JSON.stringify(asJson(exchange.request.body)) === JSON.stringify(asJson(body));

describe('the recorded session of v0.10', () => {
  test('tunasynctl prints the recorded lines against a manager with the recorded answers', async () => {
    const exchanges = readExchanges();
    await using manager = await stubManager((request) => {
      const found = exchanges.findIndex((exchange) => sameRequest(exchange, request));
      if (found === -1) return { status: 599, body: `not in the recording: ${JSON.stringify(request)}` };
      // a later command gets a later exchange
      const [exchange] = exchanges.splice(0, found + 1).slice(-1);
      return { status: exchange!.response.status, body: exchange!.response.body };
    });
    const session = readTranscript();
    expect(session).toHaveLength(24);
    for (const { argv, ...recorded } of session) {
      const own = argv.map((argument) => (argument === '12344' ? String(manager.port) : argument));
      // the only defect of the CLI in it: an empty list of an old manager is `null`
      const expected = recorded.stdout === 'null\n' ? { ...recorded, stdout: '[]\n' } : recorded;
      expect([argv, await runCtl(own)]).toEqual([argv, expected]);
    }
  });
});
