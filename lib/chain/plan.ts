import { compress } from '../slurm/array-cover.js';
import { splitToLength } from '../slurm/array-split.js';
import type {
  ChainRequest,
  ClusterLimits,
  HandlerJob,
  HandlerTrigger,
  Round,
  RoundJob,
} from './checkpoint.js';
import type { RetryGroup } from './decide.js';
import type { IndexSet } from './index-set.js';

/** The mark by which a job of the chain is found again in the queue. */
export function jobToken(chain: string, round: number, job: number): string {
  return `afterok:${chain}:r${round}:j${job}`;
}

export function handlerToken(chain: string, round: number, handler: number): string {
  return `afterok:${chain}:r${round}:h${handler}`;
}

/** The token is the first word of the comment, and the rest is the person's own; null where there is none. */
export function tokenIn(comment: string): string | null {
  return /^afterok:\S+/.exec(comment)?.[0] ?? null;
}

/**
 * The jobs of a round: as few as the cluster's limits allow. Indices that `--array` admits are compressed and split
 * by length; the others run as dense arrays with an index map.
 */
export function planRound(
  chain: string,
  number: number,
  groups: readonly RetryGroup[],
  request: Pick<ChainRequest, 'array' | 'throttle'>,
  limits: ClusterLimits,
  now: number,
): Round {
  const pieces = groups.flatMap((group) =>
    request.array === null ? [single(group)] : [...direct(group, request, limits), ...mapped(group, limits)],
  );
  const throttles = shareThrottle(
    request.throttle,
    pieces.map((piece) => piece.count),
  );
  const jobs = pieces.map((piece, position) => ({
    ...piece,
    token: jobToken(chain, number, position + 1),
    throttle: throttles[position] ?? null,
    jobId: null,
  }));
  return { number, phase: 'submitting', startedAt: now, jobs, handlers: [], result: null };
}

type Piece = Omit<RoundJob, 'token' | 'throttle' | 'jobId'>;

/** A chain without --array is one job, whose only task has the index 0. */
function single(group: RetryGroup): Piece {
  return { level: group.level, array: null, indices: '0', count: 1, mapped: false, exclude: group.exclude };
}

function direct(group: RetryGroup, request: Pick<ChainRequest, 'throttle'>, limits: ClusterLimits): Piece[] {
  const admitted = group.indices.filter((index) => index < limits.maxArraySize);
  if (admitted.length === 0) return [];
  const suffix = request.throttle === null ? 0 : `%${request.throttle}`.length;
  return splitToLength(admitted, limits.maxArraySpecLength - suffix).map(({ spec, count }) => ({
    level: group.level,
    array: spec,
    indices: spec,
    count,
    mapped: false,
    exclude: group.exclude,
  }));
}

/** MaxArraySize bounds the largest index, not only the number of tasks (sbatch manual). */
function mapped(group: RetryGroup, limits: ClusterLimits): Piece[] {
  const beyond = group.indices.filter((index) => index >= limits.maxArraySize);
  return chunks(beyond, limits.maxArraySize).map((indices) => ({
    level: group.level,
    array: indices.length === 1 ? '0' : `0-${indices.length - 1}`,
    // For the checkpoint only, no limit bounds it.
    indices: compress(indices, 'quick'),
    count: indices.length,
    mapped: true,
    exclude: group.exclude,
  }));
}

function chunks(indices: IndexSet, size: number): IndexSet[] {
  const parts: IndexSet[] = [];
  for (let start = 0; start < indices.length; start += size)
    parts.push(indices.subarray(start, start + size));
  return parts;
}

/**
 * `%N` bounds one array job, the person means the chain: the throttle is shared among the jobs of a round in
 * proportion to their tasks, at least 1 each.
 */
export function shareThrottle(throttle: number | null, counts: readonly number[]): (number | null)[] {
  if (throttle === null) return counts.map(() => null);
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => Math.max(1, Math.floor((throttle * count) / total)));
}

/**
 * The handlers of a round. One job: on-failure behind afternotok and on-success behind afterok. Several: one handler
 * behind afterany, since afternotok on all of them could never be satisfied once one job succeeds whole.
 */
export function plannedHandlers(chain: string, round: Round): HandlerJob[] {
  const triggers: HandlerTrigger[] = round.jobs.length === 1 ? ['afternotok', 'afterok'] : ['afterany'];
  return triggers.map((trigger, position) => ({
    token: handlerToken(chain, round.number, position + 1),
    trigger,
    jobId: null,
  }));
}
