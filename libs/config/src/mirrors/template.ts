import { TunasyncError } from '@tunasync/protocol';

const action = /(\{\{- )|\{\{/g;

/**
 * Fills the fields of a Go template such as `/var/log/{{.Role}}/{{.Name}}` in. Only fields are known (and trim markers);
 * nothing is escaped.
 *
 * @param fields - values by Go field name
 * @throws `TunasyncError` `TEMPLATE_INVALID` that names the unknown field or construct
 */
export function expandTemplate(template: string, fields: Readonly<Record<string, string>>): string {
  let result = '';
  let at = 0;
  action.lastIndex = 0;
  for (const start of template.matchAll(action)) {
    if (start.index < at) continue;
    const end = template.indexOf('}}', start.index);
    if (end === -1) throw invalid('a {{ is not closed');
    const before = template.slice(at, start.index);
    const trimAfter = template.endsWith(' -', end) && template.slice(0, end).endsWith(' -');
    result += start[1] === undefined ? before : before.trimEnd();
    result += fieldOf(
      template.slice(start.index + start[0].length, trimAfter ? end - 2 : end).trim(),
      fields,
    );
    at = end + 2;
    if (trimAfter) at += /^\s*/.exec(template.slice(at))?.[0].length ?? 0;
  }
  return result + template.slice(at);
}

function fieldOf(expression: string, fields: Readonly<Record<string, string>>): string {
  const name = /^\.(\w+)$/.exec(expression)?.[1];
  if (name === undefined) throw invalid(`{{${expression}}} is not supported, only fields such as {{.Name}}`);
  if (!Object.hasOwn(fields, name)) {
    throw invalid(`no field {{.${name}}}; there are ${Object.keys(fields).join(', ')}`);
  }
  return fields[name] ?? '';
}

function invalid(why: string): TunasyncError {
  return new TunasyncError('TEMPLATE_INVALID', `the template cannot be filled in: ${why}`);
}
