#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { torcHtpasswd } from '../lib/cli/torc-htpasswd/main.js';

await runMain('torc-htpasswd', torcHtpasswd);
