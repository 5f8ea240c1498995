import { bashCompletions } from './bash.js';
import { elvishCompletions } from './elvish.js';
import { fishCompletions } from './fish.js';
import type { Place } from './places.js';
import { powershellCompletions } from './powershell.js';
import { zshCompletions } from './zsh.js';

/** What makes the script of each shell that we know. */
export const SHELLS: Readonly<Record<string, (program: string, places: readonly Place[]) => string>> = {
  bash: bashCompletions,
  elvish: elvishCompletions,
  fish: fishCompletions,
  powershell: powershellCompletions,
  zsh: zshCompletions,
};
