// @ts-check
/** `npm run check:packages`: whether the packages work for somebody who installs them. */
import { runTool } from '../setup/run.js';
import { build, setUp } from '../setup/setup.js';

await runTool(async () => {
  await setUp(['rsync']);
  await build();
  const { checkPackages } = await import('./check-packages.js');
  const counts = await checkPackages();
  process.stdout.write(`packages: ${counts.passed} passed, ${counts.failed} failed\n`);
  return counts.failed === 0 ? 0 : 1;
});
