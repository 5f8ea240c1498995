/** How a job's shell ended: by itself with a code, or by a signal. */
export interface ProcessEnd {
  code: number | null;
  /** Its number. */
  signal: number | null;
  /** Since it was started. */
  seconds: number;
}

/** What is reported of a job whose declared output files are not there, and of one that could not be started. */
export const FAILED_CODE = 1;

/** What is reported of a job that a runner left behind, and nobody knows how it ended. */
export const ORPHANED_CODE = -128;

/**
 * The return code that is reported. A shell that was killed counts as what it would report of a command that was
 * (137 for SIGKILL, so that a job out of memory is known by it whether bash replaced itself by the command or not);
 * what the runner itself had to end has the signal's number below 0.
 */
export function returnCodeOf({ code, signal }: Omit<ProcessEnd, 'seconds'>, endedByRunner: boolean): number {
  if (signal === null) return code ?? FAILED_CODE;
  return endedByRunner ? -signal : 128 + signal;
}
