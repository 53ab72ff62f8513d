import { StoreError } from '../store/store-error.js';

/** Where a Redis server is and how to get in. */
export interface RedisAddress {
  /** For messages: `redis at host:port/db`; never holds a password. */
  readonly label: string;
  readonly db: number;
  readonly username?: string;
  readonly password?: string;
  /** Either a TCP address … */
  readonly host?: string;
  readonly port?: number;
  readonly tls?: { readonly servername?: string };
  /** … or a unix socket. */
  readonly path?: string;
}

/** Redis's own port. */
const defaultPort = 6379;

const expected =
  'expected redis://user:password@host:port/db, rediss://… for TLS, or unix://user:password@/path/to.sock?db=0';

/**
 * Reads the URL of a Redis server, in the forms that the original took (go-redis `ParseURL`).
 *
 * @throws {@link StoreError} `STORE_URL_INVALID`; the message does not quote the URL, which may hold a password
 */
export function parseRedisUrl(url: string): RedisAddress {
  if (url.startsWith('unix:')) return parseUnix(url);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'redis:' && parsed.protocol !== 'rediss:')) {
    throw new StoreError('STORE_URL_INVALID', `the URL of the Redis server is not one: ${expected}`);
  }
  const bare = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const host = bare === '' ? 'localhost' : decode(bare, 'host');
  const port = parsed.port === '' ? defaultPort : Number(parsed.port);
  const db = database(parsed.pathname.replace(/^\/|\/$/g, '') || parsed.searchParams.get('db'));
  return {
    label: `redis at ${host.includes(':') ? `[${host}]` : host}:${port}/${db}`,
    host,
    port,
    db,
    ...credentials(parsed.username, parsed.password),
    ...(parsed.protocol === 'rediss:'
      ? { tls: /[a-z]/i.test(host) && !host.includes(':') ? { servername: host } : {} }
      : {}),
  };
}

function parseUnix(url: string): RedisAddress {
  // no host between credentials and path: no URL that the URL class would take
  const match = /^unix:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?(\/[^?#]+)(?:\?([^#]*))?$/.exec(url);
  if (match === null) {
    throw new StoreError('STORE_URL_INVALID', `the URL of the Redis server is not one: ${expected}`);
  }
  const [, username = '', password = '', path = '', query = ''] = match;
  const socket = decode(path, 'path');
  const db = database(new URLSearchParams(query).get('db'));
  return {
    label: `redis at ${socket}, database ${db}`,
    path: socket,
    db,
    ...credentials(username, password),
  };
}

function credentials(username: string, password: string): Pick<RedisAddress, 'username' | 'password'> {
  return {
    ...(username === '' ? {} : { username: decode(username, 'user') }),
    ...(password === '' ? {} : { password: decode(password, 'password') }),
  };
}

function database(text: string | null): number {
  if (text === null || text === '') return 0;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new StoreError(
    'STORE_URL_INVALID',
    `the database in the URL of the Redis server should be a number: ${expected}`,
  );
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StoreError(
      'STORE_URL_INVALID',
      `the ${part} in the URL of the Redis server is not percent-encoded correctly: ${expected}`,
    );
  }
}
