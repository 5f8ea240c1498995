import { constants } from 'node:os';
import type { Submission } from '../job.js';

/** Seconds before the limit when `--signal` names none (sbatch(1)). */
const DEFAULT_BEFORE = 60;

/** `[B:|R:]SIGNAL[@SECONDS]`; R is about reservations, which pocket Slurm has none of. */
const REQUEST = /^([BR]+:)?(\w+)(?:@(\d{1,5}))?$/i;

/** @returns null for what is no such request */
export function parseSignalRequest(text: string): Submission['signal'] {
  const [, flags = '', name = '', before] = REQUEST.exec(text) ?? [];
  const number = signalNumber(name);
  if (number === null) return null;
  return {
    number,
    before: before === undefined ? DEFAULT_BEFORE : Number(before),
    batchShell: /b/i.test(flags),
  };
}

/** `USR1`, `SIGUSR1`, `usr1` or `10`; null for what is no signal. */
export function signalNumber(name: string): number | null {
  if (/^\d{1,2}$/.test(name)) return Number(name) >= 1 && Number(name) <= 64 ? Number(name) : null;
  const key = `SIG${name.toUpperCase().replace(/^SIG/, '')}`;
  return (constants.signals as Readonly<Record<string, number>>)[key] ?? null;
}
