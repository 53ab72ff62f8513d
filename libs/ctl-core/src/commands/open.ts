import type { ManagerClient } from '@tunasync/client';
import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { CtlError } from '../errors/errors.js';
import { failure } from '../errors/failure.js';

/** `open`: prints the address of a mirror's page. */
export function addOpen(program: Command, context: CtlContext): void {
  program
    .command('open')
    .description("print the address of a mirror's page at the manager")
    .option('-w, --worker <worker>', 'the worker that has the mirror (default: all that have it)')
    .argument('[mirror]', 'name of the mirror (default: the overview)')
    .action(async (name: string | undefined, { worker }: { worker?: string }) => {
      const manager = await context.manager();
      const base = `${manager.address}/ui/`;
      const pages = name === undefined ? [base] : await pagesOf(manager, base, name, worker);
      if (context.json()) context.printJson(pages);
      else for (const page of pages) context.print(page);
    });
}

/** Returns the address of a page. Source of its form: the pages of `@tunasync/web`. */
async function pagesOf(
  manager: ManagerClient,
  base: string,
  name: string,
  worker: string | undefined,
): Promise<string[]> {
  const { findMirror } = await import('../mirror/find-mirror.js');
  let found;
  try {
    found = await findMirror(manager, name);
  } catch (error) {
    throw failure(`Failed to look for ${name}`, error);
  }
  const wanted = found.filter((job) => worker === undefined || job.worker === worker);
  if (wanted.length === 0) {
    const workers = found.map((job) => job.worker).join(', ');
    throw new CtlError('CTL_UNKNOWN_MIRROR', `no mirror \`${name}\` on ${worker ?? ''}; it is on ${workers}`);
  }
  return wanted.map(
    (job) => `${base}mirrors/${encodeURIComponent(job.worker)}/${encodeURIComponent(job.name)}`,
  );
}
