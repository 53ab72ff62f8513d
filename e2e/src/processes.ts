import { readdir, readFile } from 'node:fs/promises';

/** A process of this machine. */
export interface ProcessInfo {
  pid: number;
  /** Its arguments, with spaces between them. */
  commandLine: string;
}

/** All processes of this machine. */
export async function allProcesses(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return Promise.all(
    pids.map(async (pid) => ({
      pid: Number(pid),
      commandLine: (await read(`/proc/${pid}/cmdline`)).replaceAll('\0', ' '),
    })),
  );
}

/** The processes that have a text, such as the path of a throwaway folder, in their arguments or their environment. */
export async function processesAbout(text: string): Promise<ProcessInfo[]> {
  const all = await allProcesses();
  const about = await Promise.all(
    all.map(
      async ({ pid, commandLine }) =>
        pid !== process.pid &&
        (commandLine.includes(text) || (await read(`/proc/${pid}/environ`)).includes(text)),
    ),
  );
  return all.filter((_, index) => about[index]);
}

/** Whether a process is there; one that has ended and that nobody has asked about is not. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await read(`/proc/${pid}/stat`);
  return stat !== '' && !/^\d+ \(.*\) [ZX] /s.test(stat);
}

async function read(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
