// A worker that starts one command in a container, prints its handle, and waits to be killed.
import { register } from 'node:module';

register('./typescript-loader.js', import.meta.url);
const { dockerExecutor } = await import('../src/index.ts');

const [stateDir, cwd, image, script] = process.argv.slice(2);
const executor = dockerExecutor({ stateDir, env: process.env });
const context = {
  mirror: 'debian',
  id: 'debian-1',
  container: { image, volumes: [], options: ['--network', 'host'] },
};
process.stdout.write(`${JSON.stringify(executor.foresee(context))}\n`);
await executor.start({ argv: ['sh', '-c', script], cwd, env: {}, logFile: `${cwd}/run.log` }, context);
setInterval(() => undefined, 1_000);
