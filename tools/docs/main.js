// @ts-check
/**
 * Writes the generated tables of docs/: configuration keys from the schemas, routes from the route table. They stand
 * between `<!-- begin NAME -->` and `<!-- end NAME -->`. With `--check` nothing is written: pages that are not up to
 * date are named, exit code 1.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format } from 'prettier';
import { root, runTool, ToolError } from '../setup/run.js';
import { sections } from './sections.js';

/**
 * @param {string} page
 * @param {string} text
 */
function withSections(page, text) {
  return text.replace(/(<!-- begin (\S+) -->\n).*?(<!-- end \2 -->)/gs, (_, begin, name, end) => {
    const section = sections[name];
    if (section === undefined) throw new ToolError(`${page}: nothing generates the section ${name}`);
    return `${begin}\n${section()}\n\n${end}`;
  });
}

await runTool(async () => {
  const check = process.argv.includes('--check');
  let outdated = 0;
  for (const page of ['docs/configuration.md', 'docs/http-api.md']) {
    const file = join(root, page);
    const old = readFileSync(file, 'utf8');
    const text = await format(withSections(page, old), { parser: 'markdown', printWidth: 110 });
    if (text === old) continue;
    outdated += 1;
    if (check) process.stderr.write(`${page} is not up to date: run npm run docs\n`);
    else writeFileSync(file, text);
  }
  return check && outdated > 0 ? 1 : 0;
});
