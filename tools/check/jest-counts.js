// @ts-check
import { existsSync, readFileSync } from 'node:fs';

/**
 * Counts the tests of a Jest run from its JSON report. A test file that cannot be loaded is one failure.
 *
 * @param {string} report
 * @param {number} code - exit code of Jest
 * @returns {import('./report.js').Counts}
 */
export function jestCounts(report, code) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, 'utf8'));
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  return {
    passed: result.numPassedTests,
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    skippedNames: result.testResults.flatMap((/** @type {any} */ suite) =>
      suite.assertionResults
        .filter((/** @type {any} */ test) => test.status === 'pending' || test.status === 'todo')
        .map((/** @type {any} */ test) => test.fullName),
    ),
  };
}
