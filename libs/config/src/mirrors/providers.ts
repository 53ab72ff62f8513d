import type { z } from 'zod';

/** What a configuration must know of a provider; every provider plug-in fits. */
export interface ProviderSchema {
  /** What `provider = "<name>"` says. */
  readonly name: string;
  /**
   * Mirror keys of its own, inherited by nested mirrors like ours and delivered in `MirrorConfig.extra`. A key of
   * ours that it names is checked by both.
   */
  readonly schema?: z.ZodObject | undefined;
}

/** The providers that every worker has. */
export const builtInProviders = ['rsync', 'two-stage-rsync', 'command'] as const;

/** All providers by name: the built-in ones and `more`, which may replace them. */
export function providerMap(more: readonly ProviderSchema[] = []): Map<string, ProviderSchema> {
  const all: ProviderSchema[] = [...builtInProviders.map((name) => ({ name })), ...more];
  return new Map(all.map((provider) => [provider.name, provider]));
}
