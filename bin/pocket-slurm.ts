#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { pocketSlurm } from '../lib/cli/pocket-slurm/main.js';

await runMain('pocket-slurm', pocketSlurm);
