// @ts-check
// Bundles tunasynctl into dist/tunasynctl.js and chunks that are loaded when they are needed: starting up from many
// small modules would take longer than the work itself. Usage: node bundle.js [FOLDER]
import { readdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = process.argv[2] ?? join(root, 'dist');

for (const file of readdirSync(dist)) {
  if (file.startsWith('chunk-')) rmSync(join(dist, file));
}
await build({
  absWorkingDir: root,
  entryPoints: { tunasynctl: 'src/index.ts' },
  outdir: dist,
  chunkNames: 'chunk-[hash]',
  bundle: true,
  splitting: true,
  minify: true,
  // read only with NODE_OPTIONS=--enable-source-maps; they hold the sources
  sourcemap: 'linked',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  conditions: ['@tunasync/source'],
  // the client's default transport, which tunasynctl does not use
  external: ['axios'],
  // commander is CommonJS and requires modules of Node.js
  banner: {
    js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
  },
  logLevel: 'warning',
  plugins: [
    {
      name: 'side-effect-free',
      // the workspace's packages only define things: unused parts can be omitted
      setup(context) {
        context.onResolve({ filter: /^@tunasync\// }, async ({ path, pluginData, ...options }) => {
          if (pluginData === 'resolved') return undefined;
          const resolved = await context.resolve(path, { ...options, pluginData: 'resolved' });
          return { ...resolved, sideEffects: false };
        });
      },
    },
    {
      name: 'only-what-is-used-of-zod',
      // esbuild leaves unused parts out of a namespace import, but not out of the namespace object `z`
      setup(context) {
        context.onLoad({ filter: /\/libs\/[\w-]+\/src\/.*\.ts$/ }, async ({ path }) => {
          const source = await readFile(path, 'utf8');
          return {
            contents: source.replace("import { z } from 'zod';", "import * as z from 'zod';"),
            loader: 'ts',
          };
        });
      },
    },
  ],
});
