import type { MirrorConfig } from '@tunasync/config';
import { messageOf } from '@tunasync/protocol';
import { builtInProviders, configuredArgv, ProviderRegistry } from '@tunasync/providers';

/** A mirror with the commands and the environment of its provider. */
export interface EffectiveMirror {
  readonly config: MirrorConfig;
  /**
   * Variables that the mirror and its provider add to the worker's environment. Variables that differ per run are
   * omitted.
   */
  readonly env: Readonly<Record<string, string>>;
  /** The words of each command of an attempt, in order, as configured. */
  readonly commands: readonly (readonly string[])[];
  /** The reason for which there are no commands. */
  readonly problem?: string;
}

/** Asks the providers for the commands that they would run. */
export function effectiveMirrors(mirrors: readonly MirrorConfig[]): EffectiveMirror[] {
  const providers = new ProviderRegistry(builtInProviders());
  return mirrors.map((config) => {
    try {
      const attempt = { logDir: config.logDir, logFile: `${config.logDir}/${config.name}.log` };
      const commands = providers.get(config.provider).create(config).commands(attempt);
      return {
        config,
        env: Object.fromEntries(
          Object.entries(commands[0].env).filter(
            ([name]) => Object.hasOwn(config.env, name) || !name.startsWith('TUNASYNC_'),
          ),
        ),
        commands: commands.map(({ argv }) => configuredArgv(argv)),
      };
    } catch (error) {
      return { config, env: config.env, commands: [], problem: messageOf(error) };
    }
  });
}
