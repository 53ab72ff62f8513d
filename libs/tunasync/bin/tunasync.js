#!/usr/bin/env node
import { run } from '../dist/index.js';

const exitCode = await run({
  argv: process.argv.slice(2),
  stdout: process.stdout,
  stderr: process.stderr,
});
if (exitCode !== undefined) process.exitCode = exitCode;
