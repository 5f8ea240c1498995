#!/usr/bin/env node
import { cleanSlurm } from '../lib/cli/clean-slurm/main.js';
import { runMain } from '../lib/cli/main.js';

await runMain('clean-slurm', cleanSlurm);
