#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { memEscalate } from '../lib/cli/mem-escalate/main.js';

await runMain('mem-escalate', memEscalate);
