import type { ManagerClient } from '@tunasync/client';
import { messageOf, type MirrorStatus, type SyncStatus, type WebMirrorStatus } from '@tunasync/protocol';
import type { Command } from 'commander';
import type { CtlContext } from '../context/context.js';
import { tableOptions } from '../context/terminal.js';
import { CtlError, UsageError } from '../errors/errors.js';
import { failure, isRefusal } from '../errors/failure.js';
import { allStatuses } from '../manager/all-statuses.js';
import { readStatuses } from '../manager/read-statuses.js';
import type { Job } from '../tables/job-times.js';
import { harmless } from '../text/printable.js';

interface ListFlags {
  all?: boolean;
  status?: SyncStatus[];
  format?: string;
}

/**
 * `list`: prints the statuses of all mirrors, or of the mirrors of some workers, as a table, as JSON or by a
 * template.
 */
export function addList(program: Command, context: CtlContext): void {
  program
    .command('list')
    .description('list the statuses of mirrors')
    .argument('[workers...]', 'only the mirrors of these workers, with error messages')
    .option('-a, --all', 'the mirrors of all workers (default on a terminal)')
    .option(
      '-s, --status <statuses>',
      'only mirrors with one of these statuses, separated by commas',
      readStatuses,
    )
    .option(
      '-f, --format <format>',
      'table (default on a terminal), json (default elsewhere), or a Go template for each mirror such as {{.Name}} {{.Status}}',
    )
    .action(async (workers: string[], { all = false, status, format }: ListFlags) => {
      // scripts for tunasync v0.10 expect this error
      const isAll = all || (workers.length === 0 && context.terminal !== undefined);
      if (!isAll && workers.length === 0) throw new UsageError('list needs at least one worker, or --all');
      const form = formOf(format, context);
      // report an invalid template before any request
      const line =
        typeof form === 'object' ? await compile(form.template, context.terminal !== undefined) : undefined;
      const manager = await context.manager();
      const jobs = isAll ? await allJobs(manager, form) : await jobsOf(workers, manager, context);
      const wanted = jobs.filter((job) => status?.includes(job.status) ?? true);
      if (form === 'json') context.printJson(wanted);
      else if (form === 'table') {
        const { jobTable } = await import('../tables/job-table.js');
        for (const text of jobTable(wanted, context.clock.now(), tableOptions(context))) context.print(text);
      }
      // fetch all before printing, so that a failure leaves no partial output
      else if (line !== undefined) for (const text of wanted.map(line)) context.print(text);
    });
}

/** The format of the list. */
type Form = 'json' | 'table' | { template: string };

function formOf(format: string | undefined, context: CtlContext): Form {
  const json = context.json();
  if (json && format !== undefined && format !== 'json') {
    throw new UsageError('--json and --format cannot be used together');
  }
  if (json || format === 'json') return 'json';
  if (format === undefined) return context.terminal === undefined ? 'json' : 'table';
  return format === 'table' ? 'table' : { template: format };
}

async function compile(
  format: string,
  isShown: boolean,
): Promise<(job: MirrorStatus | WebMirrorStatus) => string> {
  const { compileTemplate, jobFields, jobFieldTypes } = await import('../template/index.js');
  const template = compileTemplate(format, jobFieldTypes);
  return (job) => template(jobFields(isShown ? harmlessTexts(job) : job));
}

/** Escapes texts of other machines for a terminal. The template itself belongs to the user. */
function harmlessTexts<Job extends MirrorStatus | WebMirrorStatus>(job: Job): Job {
  const entries = Object.entries(job).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === 'string' ? harmless(value) : value,
  ]);
  return Object.fromEntries(entries) as Job;
}

async function allJobs(manager: ManagerClient, form: Form): Promise<Job[]> {
  try {
    if (form === 'table') return await allStatuses(manager);
    return await manager.listJobs();
  } catch (error) {
    throw failure('Failed to correctly get information of all jobs from manager server', error);
  }
}

async function jobsOf(
  workers: readonly string[],
  manager: ManagerClient,
  context: CtlContext,
): Promise<MirrorStatus[]> {
  const answers = await Promise.allSettled(workers.map((worker) => manager.listWorkerJobs(worker)));
  const lost: unknown[] = [];
  for (const [index, answer] of answers.entries()) {
    if (answer.status === 'fulfilled') continue;
    lost.push(answer.reason);
    context.note(`Failed to get jobs of worker ${workers[index] ?? ''}: ${messageOf(answer.reason)}`);
  }
  if (lost.length > 0) {
    const what = 'Failed to correctly get information of jobs from at least one manager';
    const other = lost.find((reason) => !isRefusal(reason));
    if (other !== undefined) throw failure(what, other);
    // the manager does not know the worker: print the line of v0.10; --verbose adds the worker
    throw new CtlError('CTL_FAILED', what, lost[0]);
  }
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}
