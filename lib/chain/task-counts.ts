/** Where the tasks of a chain are now; each task is counted once. */
export interface TaskCounts {
  completed: number;
  running: number;
  /** Queued, held, or planned and not yet submitted. */
  pending: number;
  /** The attempt has ended and another one will follow; the handler has not decided it yet. */
  retrying: number;
  /** Not run again. */
  failed: number;
  /** Ended as far as the queue can tell; how, is not known (yet). All tasks that run, while Slurm does not answer. */
  unknown: number;
}

export function noTasks(): TaskCounts {
  return { completed: 0, running: 0, pending: 0, retrying: 0, failed: 0, unknown: 0 };
}

export function addCounts(sum: TaskCounts, counts: TaskCounts): void {
  for (const key of Object.keys(noTasks()) as (keyof TaskCounts)[]) sum[key] += counts[key];
}
