import { FormatError } from '../format-error.js';

/** `ExitCode` of sacct and scontrol: what the batch script returned, and the signal that ended it, or 0. */
export interface ExitCode {
  code: number;
  signal: number;
}

/** sacct prints a code from here on less by as much: 137 as `9:0`, 255 as `127:0`, 128 as `0:0` beside FAILED. */
const LOST_BIT = 128;

/**
 * @throws FormatError for anything else, the empty string included, which sacct prints for a step whose node died
 */
export function parseExitCode(text: string): ExitCode {
  const match = /^(\d{1,3}):(\d{1,3})$/.exec(text);
  if (match === null) throw new FormatError('exit code', text, 'code:signal such as 0:0, 127:0 or 0:9');
  return { code: Number(match[1]), signal: Number(match[2]) };
}

export function formatExitCode({ code, signal }: ExitCode): string {
  return `${code}:${signal}`;
}

/**
 * The codes that a script may have meant by what Slurm prints, the most literal first. For jobs that failed: `0:0` is
 * then 128, since no script fails with 0.
 *
 * 1. the code as printed;
 * 2. the code with the bit that sacct drops (scontrol keeps it, so a code of 128 and more has no second reading);
 * 3. for a death by signal, what a shell makes of it: 128 + signal. OUT_OF_MEMORY's `0:125` reads as 253.
 */
export function readingsOf({ code, signal }: ExitCode): number[] {
  if (signal !== 0) return code === 0 ? [LOST_BIT + signal] : [code, LOST_BIT + signal];
  return code < LOST_BIT ? [code, LOST_BIT + code] : [code];
}

/**
 * The rule for this failed job: of rules on 9 and on 137, the first is meant by `9:0` and the second by `0:9`, because
 * the printed code comes before the ones that it may stand for.
 *
 * @returns undefined when no rule speaks of it
 */
export function selectExitRule<T>(rules: ReadonlyMap<number, T>, exit: ExitCode): T | undefined {
  const rule = readingsOf(exit).find((reading) => rules.has(reading));
  return rule === undefined ? undefined : rules.get(rule);
}
