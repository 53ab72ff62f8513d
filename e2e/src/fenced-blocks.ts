/** A block between fences of a Markdown page. */
export interface FencedBlock {
  language: string;
  text: string;
}

/** The fenced blocks of a Markdown page, in order; those within lists without their indentation. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  return [...markdown.matchAll(/^( *)```(\w*)\n(.*?)^\1```$/gms)].map(
    ([, indent = '', language = '', text = '']) => ({
      language,
      text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}
