#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { torcServer } from '../lib/cli/torc-server/main.js';

await runMain('torc-server', torcServer);
