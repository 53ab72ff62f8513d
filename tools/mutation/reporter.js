// @ts-check
/** A reporter of Stryker that writes each result down at once: a run that is stopped keeps what it found. */
import { appendFileSync } from 'node:fs';

/** @typedef {{ start: { line: number, column: number }, end: { line: number, column: number } }} Location */
/** @typedef {{ status: string, fileName: string, location: Location, mutatorName: string, replacement?: string, statusReason?: string }} MutantResult */

class LinesReporter {
  #file = process.env['MUTATION_RESULTS'] ?? 'results.jsonl';

  /** @param {{ mutantPlans: unknown[] }} plan */
  onMutationTestingPlanReady({ mutantPlans }) {
    this.#append({ planned: mutantPlans.length });
  }

  /** @param {MutantResult} result */
  onMutantTested({ status, fileName, location, mutatorName, replacement, statusReason }) {
    this.#append({ status, fileName, location, mutatorName, replacement, statusReason });
  }

  /** @param {unknown} line */
  #append(line) {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** Read by Stryker. */
export const strykerPlugins = [{ kind: 'Reporter', name: 'lines', injectableClass: LinesReporter }];
