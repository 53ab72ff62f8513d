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

/** What a value is, in a few words: `list of object`, `"asc" | "desc"`, `integer | null`. */
export function typeText(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices !== undefined) return [...new Set(choices.map(typeText))].join(' | ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.prefixItems !== undefined) return `[${schema.prefixItems.map(typeText).join(', ')}]`;
  if (schema.items !== undefined) return `list of ${typeText(schema.items)}`;
  if (schema.properties === undefined && typeof schema.additionalProperties === 'object') {
    return `object: any name to ${typeText(schema.additionalProperties)}`;
  }
  return Array.isArray(schema.type) ? schema.type.join(' | ') : (schema.type ?? 'anything');
}

/** What a value is held to besides its type: `1 to 200 characters; default 50`. */
function limitsText(schema: Schema): string {
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

/**
 * The fields of a value as a nested list; nothing where it has none.
 *
 * @param incoming - it is taken, not sent: say what must be there, and within which limits
 */
export function fieldList(schema: Schema, incoming: boolean): Html | undefined {
  const { properties, required = [] } = objectIn(schema) ?? {};
  const fields = Object.entries(properties ?? {});
  if (fields.length === 0) return undefined;
  return html`<ul class="fields">
    ${fields.map(
      ([name, field]) =>
        html`<li>
          ${incoming ? takenField(name, field, required.includes(name)) : fieldHead(name, field)}
          ${fieldList(field, incoming)}
        </li>`,
    )}
  </ul>`;
}

/** A field or parameter that is taken. */
export function takenField(name: string, field: Schema, required: boolean): Html {
  const limits = limitsText(field);
  return html`${fieldHead(name, field)} ${required ? html`<strong>required</strong>` : undefined}
  ${limits === '' ? undefined : html`<span class="limits">${limits}</span>`}`;
}

function fieldHead(name: string, field: Schema): Html {
  return html`<code>${name}</code> <span class="type">${typeText(field)}</span>`;
}

/** The object that a value is, or that is in it: in a list, among choices, behind any name. */
export function objectIn(schema: Schema): Schema | undefined {
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
