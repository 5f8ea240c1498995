#!/usr/bin/env node
import { runProgram } from '../lib/pocket/commands/main.js';

await runProgram(process.argv[2] ?? '', process.argv.slice(3));
