import { readFileSync } from 'node:fs';
import { fixturePath } from '@tunasync/test-utils';

/** A command of the recorded session and its output. */
export interface TranscriptEntry {
  argv: string[];
  stdout: string;
  exit: number;
  stderr: string;
}

/** The recorded session of the CLI of v0.10. */
export function readTranscript(): TranscriptEntry[] {
  const text = readFileSync(fixturePath('wire/cli-transcript.txt'), 'utf8');
  return text
    .split(/^\$ tunasynctl /m)
    .slice(1)
    .map((block) => {
      const [command = '', ...lines] = block.split('\n');
      const exitLine = lines.findIndex((line) => /^\[exit \d+\]$/.test(line));
      if (exitLine === -1) throw new TypeError(`cannot read the transcript at: ${command}`);
      const stderr = lines[exitLine + 1] ?? '';
      return {
        argv: command.split(' '),
        stdout: lines
          .slice(0, exitLine)
          .map((line) => `${line}\n`)
          .join(''),
        exit: Number(/\d+/.exec(lines[exitLine]!)?.[0]),
        stderr: stderr.startsWith('stderr: ') ? `${stderr.slice('stderr: '.length)}\n` : '',
      };
    });
}

/** A recorded HTTP exchange. */
export interface Exchange {
  seq: number;
  to: 'manager' | 'worker';
  request: { method: string; path: string; body: string };
  response: { status: number; body: string };
}

/** All recorded exchanges with the manager, in order. */
export function readExchanges(): Exchange[] {
  const all = JSON.parse(readFileSync(fixturePath('wire/exchanges.json'), 'utf8')) as Exchange[];
  return all.filter(({ to }) => to === 'manager').sort((a, b) => a.seq - b.seq);
}
