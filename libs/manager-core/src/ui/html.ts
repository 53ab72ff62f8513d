/** Text that is HTML already. Made by {@link html} only. */
export interface Html {
  readonly html: string;
}

/** What may stand in the holes of {@link html}; nothing stands for undefined. */
export type HtmlValue = Html | string | number | undefined | readonly HtmlValue[];

/** A template of HTML: whatever is put into it is shown as text, unless it was made by a template, too. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  return { html: strings.map((part, index) => `${part}${markup(values[index])}`).join('') };
}

function markup(value: HtmlValue): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escape(String(value));
  return 'html' in value ? value.html : value.map((item) => markup(item)).join('');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
