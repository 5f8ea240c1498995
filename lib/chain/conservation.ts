import { compress } from '../slurm/array-cover.js';
import { concatenate, difference, equal, type IndexSet, indexSet } from './index-set.js';

/** Where an index can be after a round. */
export type Bucket = 'completed' | 'retrying' | 'failed' | 'unknown';

/**
 * Proves that each index of a round is in exactly one bucket.
 *
 * @returns null when it holds, otherwise one line that names the indices that are lost, doubled or foreign
 */
export function conservationViolation(
  expected: IndexSet,
  buckets: Readonly<Record<Bucket, IndexSet>>,
): string | null {
  const all = concatenate(Object.values(buckets));
  const distinct = indexSet(all);
  if (distinct.length === all.length && equal(distinct, expected)) return null;
  const lost = difference(expected, distinct);
  const foreign = difference(distinct, expected);
  const parts = [
    lost.length > 0 ? `${lost.length} lost (${compress(lost)})` : '',
    foreign.length > 0 ? `${foreign.length} not of this round (${compress(foreign)})` : '',
    all.length > distinct.length ? `${all.length - distinct.length} in two places` : '',
  ];
  return `conservation violated: of ${expected.length} tasks ${parts.filter(Boolean).join(', ')}`;
}
