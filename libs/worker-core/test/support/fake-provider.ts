import type { ExitResult } from '@tunasync/executors';
import type { ProviderPlugin } from '@tunasync/providers';

/** `provider = "fake"`: `stages` commands named after their mirror; `exit status N` when one fails. */
export function fakeProvider({ stages = 1, size }: { stages?: number; size?: string } = {}): ProviderPlugin {
  const succeeded = (exit: ExitResult): boolean => exit.code === 0;
  return {
    name: 'fake',
    create: (mirror) => ({
      name: 'fake',
      commands: (attempt) => {
        const spec = (stage: number) => ({
          argv: [mirror.name, `${stage}`] as const,
          cwd: mirror.workingDir,
          env: {},
          logFile: attempt.logFile,
        });
        return [spec(1), ...Array.from({ length: stages - 1 }, (_, index) => spec(index + 2))];
      },
      succeeded,
      inspect: (_, exit) =>
        Promise.resolve(
          succeeded(exit)
            ? { ok: true, ...(size !== undefined && { size }) }
            : { ok: false, message: `exit status ${exit.code ?? exit.signal ?? ''}` },
        ),
    }),
  };
}
