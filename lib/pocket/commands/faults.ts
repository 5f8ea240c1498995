import { UsageRefusal } from '../refusal.js';
import type { PocketState } from '../state/state.js';

/**
 * Switches by which tests make pocket Slurm fail as real clusters do. They are kept in the state, under `fault.NAME`,
 * so that every process sees them: commands, the daemon, handlers.
 */
export const FAULTS = {
  /** Seconds of the machine that every command takes longer. */
  slow_commands: 'seconds',
  /** 1: nobody answers, except accounting. */
  controller_down: 'count',
  /** 1: accounting does not answer. */
  accounting_down: 'count',
  /** Seconds by which accounting lags behind. */
  accounting_lag: 'seconds',
  /** The next so many submissions are refused for the moment. */
  refused_submissions: 'count',
  /** The next so many submissions succeed and are reported as failed. */
  lost_replies: 'count',
  /** Seconds after its end when the controller forgets a job, instead of MinJobAge. */
  purge_after: 'seconds',
  /** Ids go on from here, as after a controller lost its state: a job that had the id is replaced. */
  next_job_id: 'count',
} as const satisfies Record<string, 'seconds' | 'count'>;

export type FaultName = keyof typeof FAULTS;

/** The value of a switch, 0 when it is off. */
export function fault(state: PocketState, name: FaultName): number {
  return Number(state.setting(`fault.${name}`) ?? 0);
}

/** Takes one from a switch that counts; false when it was used up. */
export function takeFault(state: PocketState, name: FaultName): boolean {
  if (fault(state, name) <= 0) return false;
  return state.write(() => {
    const left = fault(state, name);
    if (left > 0) state.setSetting(`fault.${name}`, String(left - 1));
    return left > 0;
  });
}

const REACHES_CONTROLLER = 'Unable to contact slurm controller (connect failure)';

/** How each program says that the controller is away (Slurm 22.05); sacct asks the database. */
const CONTROLLER_DOWN: Readonly<Record<string, { line: string; exitCode: number } | null>> = {
  sbatch: { line: `sbatch: error: Batch job submission failed: ${REACHES_CONTROLLER}`, exitCode: 1 },
  squeue: { line: `slurm_load_jobs error: ${REACHES_CONTROLLER}`, exitCode: 1 },
  scancel: { line: `scancel: error: Kill job error: ${REACHES_CONTROLLER}`, exitCode: 8 },
  scontrol: { line: `slurm_load_jobs error: ${REACHES_CONTROLLER}`, exitCode: 1 },
  sinfo: { line: `slurm_load_partitions: ${REACHES_CONTROLLER}`, exitCode: 1 },
  srun: { line: `srun: error: Unable to create step: ${REACHES_CONTROLLER}`, exitCode: 1 },
  sacct: null,
};

const ACCOUNTING_DOWN = 'sacct: error: Problem talking to the database: Connection refused';

/** What a program prints, and its exit code, when a switch takes away whom it asks; null when nothing does. */
export function outage(state: PocketState, program: string): { line: string; exitCode: number } | null {
  if (program === 'sacct')
    return fault(state, 'accounting_down') > 0 ? { line: ACCOUNTING_DOWN, exitCode: 1 } : null;
  return fault(state, 'controller_down') > 0 ? (CONTROLLER_DOWN[program] ?? null) : null;
}

/**
 * Sets switches from `NAME=VALUE` words.
 *
 * @throws UsageRefusal for an unknown name or a value that is no number
 */
export function setFaults(state: PocketState, words: readonly string[]): void {
  const settings = words.map((word) => {
    const [, name = '', value = ''] = /^(\w+)=(\d+(?:\.\d+)?)$/.exec(word) ?? [];
    if (!Object.hasOwn(FAULTS, name)) {
      throw new UsageRefusal(
        [
          `error: bad fault ${JSON.stringify(word)}: expected NAME=NUMBER, NAME one of ${Object.keys(FAULTS).join(', ')}`,
        ],
        2,
      );
    }
    return [name, value] as const;
  });
  state.write(() => {
    for (const [name, value] of settings) state.setSetting(`fault.${name}`, value);
  });
}

export function clearFaults(state: PocketState): void {
  state.write(() => {
    for (const name of Object.keys(FAULTS)) state.setSetting(`fault.${name}`, '0');
  });
}
