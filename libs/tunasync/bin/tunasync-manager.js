#!/usr/bin/env node
// before anything is loaded, so that stack traces name the sources
process.setSourceMapsEnabled(true);
const { main } = await import('@tunasync/manager');

await main();
