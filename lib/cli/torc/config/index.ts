import type { TorcNode } from '../command.js';
import { initConfig } from './init.js';
import { configPathsCommand } from './paths.js';
import { showConfig } from './show.js';
import { validateConfig } from './validate.js';

export const CONFIG_COMMANDS: readonly TorcNode[] = [
  showConfig,
  configPathsCommand,
  initConfig,
  validateConfig,
];
