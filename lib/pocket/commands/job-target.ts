import { FormatError } from '../../format-error.js';
import { expand, parseArraySpec } from '../../slurm/array-spec.js';
import { parseJobId } from '../../slurm/job-id.js';
import { Refusal } from '../refusal.js';
import type { TaskTarget } from '../state/queries.js';

/**
 * The jobs and tasks that a word names: `806`, `806_3`, `806_[3-5]`.
 *
 * @throws Refusal
 */
export function parseJobTargets(word: string): TaskTarget[] {
  try {
    const id = parseJobId(word);
    if (id.step !== null) throw new Refusal('Invalid job id specified');
    if (id.kind === 'task') return [{ job: id.job, index: id.task }];
    if (id.kind === 'pending')
      return [...expand(parseArraySpec(id.spec))].map((index) => ({ job: id.job, index }));
    return [{ job: id.job, index: null }];
  } catch (error) {
    if (error instanceof FormatError) throw new Refusal('Invalid job id specified');
    throw error;
  }
}
