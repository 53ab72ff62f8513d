import { z } from 'zod';
import { errorSchema } from '../schemas/status.js';
import type { Route } from './route.js';

/** The parts of a JSON Schema that are used here. */
type JsonSchema = Record<string, unknown>;

/** Input of {@link openApiDocument}. */
export interface OpenApiInput {
  title: string;
  version: string;
  /** Routes by tag and by name. Names must be unique. */
  routes: Readonly<Record<string, Readonly<Record<string, Route>>>>;
  /** URL of the API, relative to the document. @defaultValue the parent folder of the document's folder */
  server?: string;
}

/** An OpenAPI document. */
export interface OpenApiDocument {
  openapi: string;
  info: { title: string; version: string };
  servers: { url: string }[];
  paths: Record<string, Record<string, OpenApiOperation>>;
}

/** One route in an OpenAPI document. */
export interface OpenApiOperation {
  operationId: string;
  tags: string[];
  summary: string;
  parameters: { name: string; in: 'path' | 'query'; required: boolean; schema: JsonSchema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: JsonSchema }> };
  responses: Record<string, { description: string; content: Record<string, { schema: JsonSchema }> }>;
}

/** Creates the OpenAPI document of a table of routes. Source: OpenAPI Specification 3.1.0. */
export function openApiDocument({ title, version, routes, server = '..' }: OpenApiInput): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const [tag, table] of Object.entries(routes)) {
    for (const [name, route] of Object.entries(table)) {
      const path = route.path.replace(/:(\w+)/g, '{$1}');
      (paths[path] ??= {})[route.method.toLowerCase()] = operation(tag, name, route);
    }
  }
  return { openapi: '3.1.0', info: { title, version }, servers: [{ url: server }], paths };
}

function operation(tag: string, name: string, route: Route): OpenApiOperation {
  const { path, summary, query, body, reply, replyType = 'application/json' } = route;
  const inPath = Array.from(path.matchAll(/:(\w+)/g), ([, parameter = '']) => ({
    name: parameter,
    in: 'path' as const,
    required: true,
    schema: { type: 'string' },
  }));
  return {
    operationId: name,
    tags: [tag],
    summary,
    parameters: [...inPath, ...(query === undefined ? [] : inQuery(query))],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } }),
    responses: {
      200: { description: summary, content: { [replyType]: { schema: withoutNull(schemaOf(reply)) } } },
      default: {
        description: 'The error',
        content: { 'application/json': { schema: schemaOf(errorSchema) } },
      },
    },
  };
}

function inQuery(query: z.ZodType): OpenApiOperation['parameters'] {
  const { properties = {}, required = [] } = schemaOf(query) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

/** Describes the input: the result of a transformation has no schema. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema;
  return rest;
}

/** Readers accept `null` for absent fields, but no reply contains it. */
function withoutNull(schema: unknown): JsonSchema {
  return JSON.parse(
    JSON.stringify(schema, (_, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      if ('type' in value && Array.isArray(value.type)) {
        const kinds = (value.type as string[]).filter((kind) => kind !== 'null');
        return { ...value, type: kinds.length === 1 ? kinds[0] : kinds };
      }
      if (!('anyOf' in value)) return value;
      const { anyOf, ...rest } = value as { anyOf: JsonSchema[] };
      const kinds = anyOf.filter(({ type }) => type !== 'null');
      return kinds.length === 1 ? { ...kinds[0], ...rest } : { ...rest, anyOf: kinds };
    }),
  ) as JsonSchema;
}
