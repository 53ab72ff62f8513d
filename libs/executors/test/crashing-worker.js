// A worker that starts one command, tells its handle, and waits to be killed.
import { register } from 'node:module';

register('./typescript-loader.js', import.meta.url);
const { hostExecutor } = await import('../src/index.ts');

const [stateDir, cwd, script] = process.argv.slice(2);
const executor = hostExecutor({ stateDir, env: process.env });
const execution = await executor.start(
  { argv: ['sh', '-c', script], cwd, env: {}, logFile: `${cwd}/run.log` },
  { mirror: 'debian', id: 'debian-1' },
);
process.stdout.write(`${JSON.stringify(execution.handle)}\n`);
setInterval(() => undefined, 1_000);
