import { AsyncLocalStorage } from 'node:async_hooks';

/** What a program left behind. */
export interface ProgramResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

export interface ProgramOptions {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Seconds until it is killed. */
  timeout: number;
}

/** Runs a program that is called as one of Slurm's. */
export type Programs = (argv: readonly string[], options: ProgramOptions) => Promise<ProgramResult>;

const substitute = new AsyncLocalStorage<Programs>();

/**
 * Runs `work`, and all that it starts, with these programs instead of those on PATH: the fault suite runs the embedded
 * scheduler within its own process, in virtual time.
 */
export function withPrograms<T>(programs: Programs, work: () => T): T {
  return substitute.run(programs, work);
}

export function substitutedPrograms(): Programs | undefined {
  return substitute.getStore();
}
