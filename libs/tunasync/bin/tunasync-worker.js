#!/usr/bin/env node
import { main } from '@tunasync/worker';

await main();
