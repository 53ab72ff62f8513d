import { TunasyncError } from '@tunasync/protocol';
import { commandProvider } from './command.js';
import type { ProviderPlugin } from './plugin/interfaces.js';
import { rsyncProvider } from './rsync.js';
import { twoStageRsyncProvider } from './two-stage-rsync.js';

/** The providers that every worker has: `rsync`, `two-stage-rsync`, `command`. */
export function builtInProviders(): ProviderPlugin[] {
  return [rsyncProvider, twoStageRsyncProvider, commandProvider];
}

/** The kinds of providers that a worker knows, by the name that `provider = "<name>"` gives. */
export class ProviderRegistry {
  readonly #plugins = new Map<string, ProviderPlugin>();

  /**
   * @param plugins - the first entries, {@link builtInProviders} for example. Defaults to none.
   * @throws as {@link register} does
   */
  constructor(plugins: Iterable<ProviderPlugin> = []) {
    for (const plugin of plugins) this.register(plugin);
  }

  /** @throws {@link TunasyncError} `PROVIDER_DUPLICATE` when there is one of that name */
  register(plugin: ProviderPlugin): void {
    if (this.#plugins.has(plugin.name)) {
      throw new TunasyncError(
        'PROVIDER_DUPLICATE',
        `provider '${plugin.name}' is registered already: give the new one another name`,
      );
    }
    this.#plugins.set(plugin.name, plugin);
  }

  /** @throws {@link TunasyncError} `PROVIDER_UNKNOWN`, with the known names, when there is none of that name */
  get(name: string): ProviderPlugin {
    const plugin = this.#plugins.get(name);
    if (plugin === undefined) {
      throw new TunasyncError(
        'PROVIDER_UNKNOWN',
        `unknown provider '${name}', expected one of ${this.names().join(', ')}`,
      );
    }
    return plugin;
  }

  /** In the order of their registration. */
  names(): string[] {
    return [...this.#plugins.keys()];
  }

  /** All plug-ins in the order of their registration, for example to collect their schemas. */
  [Symbol.iterator](): IterableIterator<ProviderPlugin> {
    return this.#plugins.values();
  }
}
