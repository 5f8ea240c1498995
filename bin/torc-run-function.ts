#!/usr/bin/env node
import { runMappedFunction } from '../lib/api/run-function.js';
import { runMain } from '../lib/cli/main.js';

await runMain('torc-run-function', async () => {
  await runMappedFunction();
  return 0;
});
