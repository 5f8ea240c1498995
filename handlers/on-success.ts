#!/usr/bin/env node
import { runHandler } from '../lib/cli/handler.js';
import { runMain } from '../lib/cli/main.js';

await runMain('on-success', runHandler);
