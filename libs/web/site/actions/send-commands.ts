import { postJson } from '../api/http.js';
import type { ApiCommandReply, JobKey } from '../api/types.js';
import { commandOf, type JobAction } from './job-action.js';

/** A worker's answer to an action. */
export type Answer = ApiCommandReply['results'][number];

/** Jobs per request: the first answers arrive while the rest is still being sent. */
const atOnce = 50;

/**
 * Sends an action to the workers of some jobs.
 *
 * @param onAnswers - called with each part of the answers
 * @param signal - stops before the next part: jobs that were not sent have no answer
 * @returns all answers, in the order of the jobs; a refusal by the manager itself is an answer for each
 */
export async function sendCommands(
  action: JobAction,
  jobs: readonly JobKey[],
  onAnswers: (answers: readonly Answer[]) => void = () => undefined,
  signal?: AbortSignal,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let begin = 0; begin < jobs.length; begin += atOnce) {
    if (signal?.aborted === true) break;
    const part = jobs.slice(begin, begin + atOnce).map(({ worker, name }) => ({ worker, name }));
    const results = await ask(action, part);
    answers.push(...results);
    onAnswers(results);
  }
  return answers;
}

async function ask(action: JobAction, jobs: readonly JobKey[]): Promise<Answer[]> {
  try {
    return (await postJson<ApiCommandReply>('/api/commands', { ...commandOf(action), jobs })).results;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return jobs.map((job) => ({ ...job, ok: false, message }));
  }
}
