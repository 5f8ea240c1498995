#!/usr/bin/env node
import { runMain } from '../lib/cli/main.js';
import { testScenarios } from '../lib/cli/test-scenarios/main.js';

await runMain('test-scenarios', testScenarios);
