/** Kinds of sbatch(1), `--dependency`, that wait for named jobs. */
export const DEPENDENCY_KINDS = [
  'after', // started or cancelled, with `+minutes` that long ago
  'afterany', // ended
  'afterburstbuffer', // ended and staged out
  'aftercorr', // task i after task i of the other array
  'afternotok', // failed; of an array: any task, once all have ended
  'afterok', // succeeded; of an array: all tasks
] as const;

export type DependencyKind = (typeof DEPENDENCY_KINDS)[number];

/** How squeue's `%E` marks each condition. What has been fulfilled it leaves out. */
export type DependencyStatus = 'unfulfilled' | 'fulfilled' | 'failed';
