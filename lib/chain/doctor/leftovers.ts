import type { QueueRow } from '../../slurm/squeue.js';
import { CHAIN_ID } from '../paths.js';
import { type Finding, ok, warn } from './finding.js';

/** What is known of a chain that jobs in the queue name. */
export type KnownChain = 'ended' | 'live' | 'stalled';

/** A few ids of many. */
const SHOWN = 5;

/**
 * Jobs that chains left in the queue, and chains that nothing moves on.
 *
 * @param chains every chain of the tracker
 */
export function leftoverFindings(
  queue: readonly QueueRow[],
  chains: ReadonlyMap<string, KnownChain>,
): Finding[] {
  const ours = queue.flatMap((row) => {
    const chain = chainOf(row.comment);
    // The handler that ends a chain is still at work for a moment.
    return chain === null || isHandlerAtWork(row) ? [] : [{ chain, row }];
  });
  const jobsOf = (wanted: (job: (typeof ours)[number]) => boolean) => [
    ...new Set(ours.filter(wanted).map(({ row }) => String(row.id.job))),
  ];
  const stuck = jobsOf(({ row }) => row.reason === 'DependencyNeverSatisfied');
  const isStuck = (row: QueueRow) => stuck.includes(String(row.id.job));
  const ended = jobsOf(({ chain, row }) => chains.get(chain) === 'ended' && !isStuck(row));
  const unknown = jobsOf(({ chain, row }) => !chains.has(chain) && !isStuck(row));
  const stalled = [...chains].flatMap(([chain, state]) => (state === 'stalled' ? [chain] : []));
  const findings = [
    leftover('jobs of ended chains', ended, 'they do no work any more', 'scancel'),
    leftover(
      'jobs of unknown chains',
      unknown,
      'their chain is in no checkpoint here: it belongs to another tracker folder, or its tracker was removed',
      'look with --tracker DIR; if there is none: scancel',
    ),
    leftover('jobs that can never start', stuck, 'their dependency was not fulfilled', 'scancel'),
    stalled.length === 0
      ? null
      : warn(
          'stalled chains',
          listed(stalled),
          'they have not ended, and nothing of them is in the queue that would move them on',
          `mem-escalate --resume ${stalled[0]}`,
        ),
  ].filter((finding) => finding !== null);
  const none = `${chains.size} ${chains.size === 1 ? 'chain' : 'chains'}, ${ours.length} queue entries of chains`;
  return findings.length > 0 ? findings : [ok('leftovers', none, 'no stray jobs, no stalled chains')];
}

/** The chain in the token with which comments of our jobs begin: `afterok:20251224-053904-t0l3:r1:j1`. */
function chainOf(comment: string): string | null {
  const [mark, chain = ''] = comment.split(':');
  return mark === 'afterok' && CHAIN_ID.test(chain) ? chain : null;
}

function isHandlerAtWork({ comment, state }: QueueRow): boolean {
  return /^afterok:[^:]+:r\d+:h\d+/.test(comment) && state.state !== 'PENDING';
}

function leftover(check: string, jobs: readonly string[], meaning: string, command: string): Finding | null {
  if (jobs.length === 0) return null;
  return warn(check, listed(jobs), meaning, `${command} ${jobs.slice(0, SHOWN).join(' ')}`);
}

function listed(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return `${names.slice(0, SHOWN).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
