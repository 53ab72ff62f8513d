#!/usr/bin/env node
import { main } from '@tunasync/ctl';

await main();
