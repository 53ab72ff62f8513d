import { html, type Html } from './html.js';

/** A JSON Schema as zod writes it, as far as it is shown. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  prefixItems?: Schema[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  description?: string;
}

/** What a value is, in a few words: `list of object`, `"asc" or "desc"`, `integer or null`. */
export function typeText(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`;
  if (schema.properties === undefined && typeof schema.additionalProperties === 'object') {
    return `object: any name to ${typeText(schema.additionalProperties)}`;
  }
  return Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'anything');
}

/** What a value is held to besides its type: `1 to 200 characters; default 50`. */
export function limitsText(schema: Schema): string {
  const { minLength, maxLength, minItems, maxItems, minimum, maximum } = schema;
  // zod's bounds of whole numbers
  const known = (bound: number | undefined): number | undefined =>
    bound !== undefined && Number.isSafeInteger(bound) && Math.abs(bound) === Number.MAX_SAFE_INTEGER
      ? undefined
      : bound;
  return [
    span(minLength, maxLength, ' characters'),
    span(minItems, maxItems, ' entries'),
    span(known(minimum), known(maximum), ''),
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    schema.description ?? '',
  ]
    .filter((text) => text !== '')
    .join('; ');
}

function span(least: number | undefined, most: number | undefined, unit: string): string {
  if (least === undefined) return most === undefined ? '' : `at most ${most}${unit}`;
  return most === undefined ? `at least ${least}${unit}` : `${least} to ${most}${unit}`;
}

/** The fields of a value as a nested list; nothing where it has none. */
export function fieldList(schema: Schema): Html | undefined {
  const { properties, required = [] } = objectIn(schema) ?? {};
  const fields = Object.entries(properties ?? {});
  if (fields.length === 0) return undefined;
  return html`<ul class="fields">
    ${fields.map(([name, field]) => fieldItem(name, field, required.includes(name)))}
  </ul>`;
}

function fieldItem(name: string, field: Schema, required: boolean): Html {
  return html`<li>${fieldHead(name, field, required)}${fieldList(field)}</li>`;
}

/** Name, type and limits of a field or parameter. */
export function fieldHead(name: string, field: Schema, required: boolean): Html {
  const limits = limitsText(field);
  return html`<code>${name}</code> <span class="type">${typeText(field)}</span>${
      required ? html` <strong>required</strong>` : undefined
    }${limits === '' ? undefined : html` <span class="limits">${limits}</span>`}`;
}

/** The object that a value is, or that is in it: in a list, among choices, behind any name. */
function objectIn(schema: Schema): Schema | undefined {
  if (schema.properties !== undefined) return schema;
  const { items, additionalProperties } = schema;
  const inside = [
    ...(schema.anyOf ?? schema.oneOf ?? []),
    ...(items === undefined ? [] : [items]),
    ...(typeof additionalProperties === 'object' ? [additionalProperties] : []),
  ];
  for (const one of inside) {
    const found = objectIn(one);
    if (found !== undefined) return found;
  }
  return undefined;
}
