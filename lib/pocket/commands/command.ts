import type { PocketState } from '../state/state.js';

/**
 * What a command of pocket Slurm runs with: in a process of its own as on a cluster, or within a test that keeps the
 * state in memory and time in its hands.
 */
export interface CommandContext {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Standard input, whole. */
  readInput(): Buffer;
  out(text: string): void;
  err(text: string): void;
  /** The controller. */
  state: PocketState;
  /** Makes the scheduler look at the state now, and starts it if it does not run. Call it after every change. */
  wake(): void;
  /** Resolves when the state may have changed. */
  changed(): Promise<void>;
}

/**
 * A command: its arguments in, what it prints into the context, its exit code out.
 *
 * @throws UsageRefusal for what the program refuses by itself, with the lines that it prints
 */
export type PocketCommand = (argv: readonly string[], context: CommandContext) => Promise<number>;
