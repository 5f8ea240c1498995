#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { torc } from '../lib/cli/torc/main.js';

await runMain('torc', torc);
