// A worker process for tests that kill one. Takes its options in JSON:
//   stateDir, cwd     folders
//   cgroup            { group, version }: uses the cgroup executor, else that of the host
//   commands          [{ script, mirror, id }]: commands to start, one after the other
//   noteFolder        where it writes the foreseen handles, and `<id>.noted` after the start
//   hold              { id, when }: waits to be killed 'before' the start of this command, or 'after' it, with nothing noted
//   waitForInput      starts nothing until a line comes in
// It prints its lines of JSON on standard output and then waits to be killed.
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostExecutor, openCgroupExecutor } from '../src/index.js';

const { stateDir, cwd, cgroup, commands, noteFolder, waitForInput, hold } = JSON.parse(process.argv[2]);
const tell = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);

try {
  const options = { stateDir, env: process.env };
  const executor = cgroup ? await openCgroupExecutor({ ...options, ...cgroup }) : hostExecutor(options);
  if (waitForInput) {
    tell('open');
    await new Promise((resolve) => process.stdin.once('data', resolve));
  }
  for (const { script, mirror, id, memoryLimit } of commands) {
    const context = { mirror, id, ...(memoryLimit && { memoryLimit }) };
    if (noteFolder) {
      const note = join(noteFolder, id);
      writeFileSync(`${note}.part`, JSON.stringify(executor.foresee(context)));
      renameSync(`${note}.part`, note);
      tell({ foreseen: id });
    }
    if (hold?.id === id && hold.when === 'before') {
      tell({ held: id });
      break;
    }
    const { handle } = await executor.start(
      { argv: ['sh', '-c', script], cwd, env: {}, logFile: join(cwd, 'run.log') },
      context,
    );
    if (hold?.id === id) {
      tell({ held: id });
      break;
    }
    if (noteFolder) writeFileSync(join(noteFolder, `${id}.noted`), '');
    tell(handle);
  }
} catch (error) {
  tell({ code: error.code, message: error.message });
}
// until it is killed, or its test is gone
process.stdin.resume().once('end', () => process.exit());
