import { describe, expect, test } from '@jest/globals';
import { builtInProviders, commandProvider, ProviderRegistry, type ProviderPlugin } from '../src/index.js';

const custom: ProviderPlugin = { name: 'wget', create: (mirror) => commandProvider.create(mirror) };

describe('ProviderRegistry', () => {
  test('holds the built-in providers and others', () => {
    const registry = new ProviderRegistry(builtInProviders());
    registry.register(custom);
    expect(registry.names()).toEqual(['rsync', 'two-stage-rsync', 'command', 'wget']);
    expect(registry.get('wget')).toBe(custom);
    expect([...registry].map(({ name }) => name)).toEqual(registry.names());
  });

  test('takes a name once', () => {
    const registry = new ProviderRegistry([custom]);
    expect(() => {
      registry.register({ ...custom });
    }).toThrow(
      expect.objectContaining({
        code: 'PROVIDER_DUPLICATE',
        message: "provider 'wget' is registered already: give the new one another name",
      }),
    );
    expect(registry.get('wget')).toBe(custom);
  });

  test.each(['ftp', '', 'toString', '__proto__'])('knows no %p, and says what it knows', (name) => {
    expect(() => new ProviderRegistry(builtInProviders()).get(name)).toThrow(
      expect.objectContaining({
        code: 'PROVIDER_UNKNOWN',
        message: `unknown provider '${name}', expected one of rsync, two-stage-rsync, command`,
      }),
    );
  });
});
