import { z } from 'zod';
import { integer } from '../document/key.js';
import { isTable } from '../document/toml.js';

const limit = integer(1, 1_000_000);
const hostName = /^(?:[\w-]+(?:\.[\w-]+)*|\[?[0-9a-f.]*:[0-9a-f:.]*\]?)$/i;

/**
 * A table of hosts with a number each. A name without quotes, as in `rsync.example.org = 2`, makes tables within
 * tables of its parts, which are put together again. Names come out in lower case, addresses without brackets.
 */
export function hostLimits(): z.ZodType<Record<string, number>> {
  const error = 'expected a table of hosts such as { "rsync.example.org" = 2 }';
  return z.record(z.string(), z.unknown(), { error }).transform((table, context) => {
    const limits = new Map<string, number>();
    const add = (part: unknown, path: readonly string[]): void => {
      if (isTable(part)) {
        for (const [key, value] of Object.entries(part)) add(value, [...path, key]);
        return;
      }
      const host = path.join('.');
      const checked = limit.safeParse(part);
      const issue = (message: string): void => {
        context.addIssue({ code: 'custom', path: [...path], message });
      };
      if (!hostName.test(host)) issue('expected the name of a host, without scheme, port and path');
      else if (!checked.success) issue(checked.error.issues[0]?.message ?? error);
      else limits.set(host.toLowerCase().replace(/^\[|\]$/g, ''), checked.data);
    };
    add(table, []);
    return Object.fromEntries(limits);
  });
}
