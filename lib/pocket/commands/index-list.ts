/** Slurm names a stride only in lists that reach further than this from their first index. */
const SHORTEST_STRIDE = 10;

/**
 * The indices of an array as squeue, sacct and scontrol list them: ranges, `1,3-5,9-10`, or one stride when the whole
 * list is one, `1-178:3` (measured).
 *
 * @param indices ascending, without repeats
 */
export function indexList(indices: readonly number[]): string {
  return stride(indices) ?? ranges(indices);
}

function stride(indices: readonly number[]): string | null {
  const [first, second] = indices;
  const last = indices.at(-1);
  if (first === undefined || second === undefined || last === undefined) return null;
  const step = second - first;
  if (last - first <= SHORTEST_STRIDE || step === 1) return null;
  const regular = indices.every((index, place) => index === first + place * step);
  return regular ? `${first}-${last}:${step}` : null;
}

function ranges(indices: readonly number[]): string {
  const runs: { first: number; last: number }[] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run !== undefined && index === run.last + 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  return runs.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(',');
}
