/**
 * The fields of /proc/PID/stat from the third on, its state: what stands at place 0 here is number 3 in proc_pid_stat(5).
 * The second, the program's name in parentheses, may contain anything.
 */
export function statFields(text: string): string[] {
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** What Linux counts processor time and starts of processes in, for programs, whatever the kernel counts in. */
export const TICKS_PER_SECOND = 100;
