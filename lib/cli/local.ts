import { delimiter } from 'node:path';
import { POCKET_PROGRAMS } from '../pocket/commands/programs.js';

/** Makes this process, and everything that it starts, find the embedded scheduler's programs before Slurm's. */
export function useLocalScheduler(env: NodeJS.ProcessEnv): void {
  const folders = (env.PATH ?? '').split(delimiter);
  if (folders[0] !== POCKET_PROGRAMS) env.PATH = [POCKET_PROGRAMS, ...folders].join(delimiter);
  env.AFTEROK_NODE ??= process.execPath;
}
