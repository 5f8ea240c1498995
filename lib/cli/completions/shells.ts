import type { Place } from './places.js';

type Writer = (program: string, places: readonly Place[]) => string;

/** What makes the script of each shell that we know; loaded when that script is asked for. */
export const SHELLS: Readonly<Record<string, () => Promise<Writer>>> = {
  bash: async () => (await import('./bash.js')).bashCompletions,
  elvish: async () => (await import('./elvish.js')).elvishCompletions,
  fish: async () => (await import('./fish.js')).fishCompletions,
  powershell: async () => (await import('./powershell.js')).powershellCompletions,
  zsh: async () => (await import('./zsh.js')).zshCompletions,
};
