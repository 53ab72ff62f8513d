#!/usr/bin/env node
import { main } from '@tunasync/manager';

await main();
