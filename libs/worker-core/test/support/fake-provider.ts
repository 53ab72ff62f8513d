import type { ExitResult } from '@tunasync/executors';
import type { FailureReason, Progress, ProviderPlugin, RunFacts } from '@tunasync/providers';

/** What a {@link fakeProvider} tells. */
export interface FakeProviderOptions {
  stages?: number;
  size?: string;
  facts?: RunFacts;
  /** Why an exit code is a failure. */
  reasonOf?: (code: number | null) => FailureReason | undefined;
  /** Gets what tells the progress of each command that begins to run. */
  watched?: (tell: (progress: Progress) => void, command: number) => void;
}

/** `provider = "fake"`: `stages` commands named after their mirror; `exit status N` when one fails. */
export function fakeProvider(options: FakeProviderOptions = {}): ProviderPlugin {
  const { stages = 1, size, facts = {}, reasonOf, watched } = options;
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
            ? { ok: true, facts, ...(size !== undefined && { size }) }
            : failure(exit, reasonOf?.(exit.code)),
        ),
      watch: ({ onProgress, command = 0 }) => {
        let on = true;
        watched?.((progress) => {
          if (on) onProgress(progress);
        }, command);
        return {
          stop: () => {
            on = false;
          },
        };
      },
    }),
  };
}

function failure({ code, signal }: ExitResult, reason: FailureReason | undefined) {
  const message = `exit status ${code ?? signal ?? ''}`;
  return { ok: false as const, message, ...(reason !== undefined && { reason }) };
}
