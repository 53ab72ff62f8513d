// @ts-check
/**
 * `npm run release [-- --publish] [--first-release] [--specifier VERSION]`: versions, changelogs, commit and tag by
 * conventional commits, then the packages. Without `--publish` it is a dry run, which changes nothing.
 */
import { parseArgs } from 'node:util';
import { releaseChangelog, releasePublish, releaseVersion } from 'nx/release/index.js';
import { pruneDist } from '../packages/prune-dist.js';
import { publishablePackages } from '../packages/publishable.js';
import { runTool } from '../setup/run.js';

await runTool(async () => {
  const { values } = parseArgs({
    options: {
      publish: { type: 'boolean', default: false },
      'first-release': { type: 'boolean', default: false },
      specifier: { type: 'string' },
    },
  });
  const options = { dryRun: !values.publish, firstRelease: values['first-release'] };
  const { projectsVersionData, releaseGraph } = await releaseVersion({
    ...options,
    ...(values.specifier === undefined ? {} : { specifier: values.specifier }),
  });
  const versions = Object.values(projectsVersionData).flatMap(({ newVersion }) => newVersion ?? []);
  await releaseChangelog({
    ...options,
    versionData: projectsVersionData,
    releaseGraph,
    version: versions[0] ?? null,
  });
  for (const pkg of publishablePackages()) pruneDist(pkg.folder);
  const results = await releasePublish({ ...options, releaseGraph });
  return Object.values(results).every(({ code }) => code === 0) ? 0 : 1;
});
