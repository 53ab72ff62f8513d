import { maskUserInfo, maskWords, splitCommandLine } from '@tunasync/config';
import type { EffectiveMirror } from './effective-mirror.js';
import { scheduleText } from './schedule-text.js';

/** Returns `1 mirror`, `2 mirrors` and so on, for messages. */
export function mirrorsText(count: number): string {
  return count === 1 ? '1 mirror' : `${count} mirrors`;
}

/** Returns one block of lines per mirror, for people. Secrets are masked. */
export function mirrorListText(mirrors: readonly EffectiveMirror[]): string {
  return mirrors.map(mirrorBlock).join('\n');
}

function mirrorBlock({ config, env, commands, problem }: EffectiveMirror): string {
  const timeout = config.timeoutSeconds === 0 ? '' : ` of at most ${config.timeoutSeconds} s each`;
  const rows: [label: string, value: string][] = [
    ['provider', config.provider],
    ['role', config.isMaster ? 'master' : 'slave'],
    ['upstream', config.upstream],
    ['schedule', scheduleText(config)],
    ['attempts', `${config.retry}${timeout}`],
    ['folder', config.workingDir],
    ['logs', config.logDir],
    ['image', config.dockerImage],
    ['memory limit', config.memoryLimit === 0 ? '' : `${config.memoryLimit} bytes`],
    ['good exits', config.successExitCodes.length === 0 ? '' : [0, ...config.successExitCodes].join(' ')],
    // only the names: values may be secrets
    ['environment', Object.keys(env).sort().join(' ')],
    ...commands.map((words): [string, string] => ['command', commandText(words)]),
    ['no command', problem ?? ''],
    ...config.execOnSuccess.map((line): [string, string] => [
      'on success',
      commandText(splitCommandLine(line)),
    ]),
    ...config.execOnFailure.map((line): [string, string] => [
      'on failure',
      commandText(splitCommandLine(line)),
    ]),
  ];
  const lines = rows
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `  ${label.padEnd(13)}${printable(maskUserInfo(value))}`);
  return [config.name, ...lines, ''].join('\n');
}

function commandText(words: readonly string[]): string {
  return maskWords(words).map(quoted).join(' ');
}

/** Quotes a word for a shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** Escapes control characters, so that each value stays on one line. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, (control) => JSON.stringify(control).slice(1, -1));
}
