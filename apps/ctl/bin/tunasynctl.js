#!/usr/bin/env node
import { main } from '../dist/tunasynctl.js';

await main();
