import type { OpenApiOperation } from '@tunasync/protocol';
import { objectIn, type Schema } from './schema-list.js';

/** Values that examples have for parameters and fields of these names. */
const samples: Readonly<Record<string, string | number>> = {
  worker: 'worker1',
  worker_id: 'worker1',
  id: 'worker1',
  job: 'debian',
  name: 'debian',
  mirror_id: 'debian',
  log: 'debian_2026-11-24_03_04.log',
  url: 'http://worker1.example.org:6000/',
  q: 'error',
  size: '1.33T',
  cmd: 'start',
  status: 'success',
  next_schedule: '2026-11-24T15:04:05Z',
  percent: 42,
  version: '1.2.3',
};

/** Bodies of routes that take one thing or another. */
const bodies: Readonly<Record<string, unknown>> = {
  sendCommands: { cmd: 'start', glob: 'debian*' },
};

/** How to call a route with curl, for a shell. @param base - URL that the route's path is put behind */
export function exampleCall(base: string, method: string, path: string, operation: OpenApiOperation): string {
  const { parameters, responses } = operation;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => String(samples[name] ?? name));
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map(({ name, schema }) => `${name}=${encodeURIComponent(String(sampleOf(name, schema)))}`);
  const url = `${base}${filled}${query.length === 0 ? '' : `?${query.join('&')}`}`;
  const body = exampleBody(operation);
  return [
    'curl',
    ...('text/event-stream' in (responses['200']?.content ?? {}) ? ['-N'] : []),
    ...(method === 'delete' ? ['-X DELETE'] : []),
    ...(body === undefined ? [] : [`-d ${quoted(JSON.stringify(body))}`]),
    quoted(url),
  ].join(' ');
}

/** A small body that a route takes; undefined when it takes none. */
export function exampleBody({ operationId, requestBody }: OpenApiOperation): unknown {
  const schema = requestBody?.content['application/json']?.schema;
  return schema === undefined ? undefined : (bodies[operationId] ?? sampleOf('', schema));
}

function sampleOf(name: string, schema: Schema): unknown {
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0];
  if (choice !== undefined) return sampleOf(name, choice);
  if (schema.enum !== undefined) {
    return schema.enum.includes(samples[name]) ? samples[name] : schema.enum[0];
  }
  if (schema.const !== undefined) return schema.const;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object') return sampleObject(schema);
  if (type === 'array') return schema.items === undefined ? [] : [sampleOf(name, schema.items)];
  const sample = samples[name];
  if (type === 'string') return typeof sample === 'string' ? sample : '';
  if (type === 'boolean') return schema.default ?? false;
  return typeof sample === 'number' ? sample : (schema.minimum ?? 0);
}

/** With the fields that are required, and those that say what it is about. */
function sampleObject({ properties = {}, required = [] }: Schema): Record<string, unknown> {
  const shown = Object.entries(properties).filter(
    ([name, field]) => required.includes(name) || name in samples || objectIn(field) !== undefined,
  );
  return Object.fromEntries(shown.map(([name, field]) => [name, sampleOf(name, field)]));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
