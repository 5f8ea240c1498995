import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * How afterok changes what outlives a process. Everything that does passes through `sideEffect`, so that a test can
 * end the process before and after each of them, whatever they are, and nothing can be forgotten.
 */
export interface SideEffect {
  kind: 'write' | 'make-folder' | 'remove' | 'slurm';
  /** The path, or Slurm's program and its first word: `sbatch`, `scontrol release`. */
  what: string;
}

/** Is told of every side effect, right before and right after. What it throws ends the work there. */
export type Witness = (moment: 'before' | 'after', effect: SideEffect) => void;

const witness = new AsyncLocalStorage<Witness>();

export function withWitness<T>(watch: Witness, work: () => T): T {
  return witness.run(watch, work);
}

/** Performs a side effect. */
export function sideEffect<T>(effect: SideEffect, perform: () => T): T {
  const watch = witness.getStore() ?? killedByEnvironment;
  watch('before', effect);
  const result = perform();
  if (!(result instanceof Promise)) {
    watch('after', effect);
    return result;
  }
  return result.then((value: unknown) => {
    watch('after', effect);
    return value;
  }) as T;
}

let moments = 0;

/**
 * Dies by SIGKILL, as the OOM killer would have it, at the moment that `AFTEROK_KILL_AT` counts: 1 is before this
 * process' first side effect, 2 after it, and so on.
 */
function killedByEnvironment(): void {
  moments += 1;
  if (process.env.AFTEROK_KILL_AT === String(moments)) process.kill(process.pid, 'SIGKILL');
}
