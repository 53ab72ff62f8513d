#!/usr/bin/env node
// comes before all imports, so that stack traces show the sources
process.setSourceMapsEnabled(true);
const { main } = await import('../dist/index.js');

await main();
