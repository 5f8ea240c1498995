import { epochSeconds, pause } from '../clock.js';
import { retryTransient } from '../slurm/retry.js';
import { scancel } from '../slurm/scancel.js';
import { squeueUser } from '../slurm/squeue.js';
import { type Checkpoint, handlerIds, jobIds, lastRound, type Outcomes, type Round } from './checkpoint.js';
import { roundResult, roundTasks } from './conclude-round.js';
import { type Decision, decide } from './decide.js';
import { observeRound } from './observe.js';
import type { OpenChain } from './open-chain.js';
import { writeOutcomes } from './outcomes-file.js';

/** Seconds to wait for cancelled tasks to end (KillWait is 30 s by default). */
const END_PATIENCE = 45;

/**
 * Ends a chain: the intent is written first, so that no handler goes on with it, then everything of it that is in
 * the queue is cancelled, then what became of the tasks is written down. Can be repeated.
 */
export async function cancel(chain: OpenChain, env: NodeJS.ProcessEnv): Promise<void> {
  const round = lastRound(chain.checkpoint);
  if (round.phase === 'finished') {
    if (chain.checkpoint.state !== 'cancelled') writeCancelled(chain);
    return;
  }
  writeCancelled(chain);
  await retryTransient(async () => scancel(await idsInQueue(chain.checkpoint, round, env), env), {
    first: 0.5,
    cap: 5,
    total: 120,
  });
  const outcomes = await endOf(chain, env);
  const decision = withoutRetries(chain.checkpoint, round, outcomes);
  writeOutcomes(chain.paths.outcomes(round.number), outcomes.values());
  const finished: Round = { ...round, phase: 'finished', result: roundResult(decision, outcomes) };
  chain.write({ rounds: [...chain.checkpoint.rounds.slice(0, -1), finished] });
}

function writeCancelled(chain: OpenChain): void {
  const { number } = lastRound(chain.checkpoint);
  const reason = 'cancelled by the user';
  chain.write({ state: 'cancelled', reason }, { round: number, kind: 'cancelled', text: reason });
}

/** The jobs whose ids are written, and those that were submitted by a process that died before it could write. */
async function idsInQueue({ chain }: Checkpoint, round: Round, env: NodeJS.ProcessEnv): Promise<string[]> {
  const rows = await squeueUser(env);
  const marked = rows
    .filter((row) => row.comment.startsWith(`afterok:${chain}:`))
    .map((row) => String(row.id.job));
  return [...new Set([...jobIds(round), ...handlerIds(round), ...marked])];
}

async function endOf(chain: OpenChain, env: NodeJS.ProcessEnv): Promise<Outcomes> {
  const deadline = epochSeconds() + END_PATIENCE;
  for (;;) {
    const { outcomes, open } = await observeRound(chain, env);
    if (open === 0 || epochSeconds() > deadline) return outcomes;
    await pause(2);
  }
}

/** The ordinary decision of a ladder without levels left; what it gives up on has failed by cancellation. */
function withoutRetries(checkpoint: Checkpoint, round: Round, outcomes: Outcomes): Decision {
  const rules = { ...checkpoint.ladder, axes: null, retryLimit: 0, retryBudgets: {} };
  const decision = decide(roundTasks(checkpoint, round), outcomes, rules, 0, epochSeconds());
  const failures = decision.failures.map((group) =>
    group.cause !== 'no_retry' || group.state === 'CANCELLED'
      ? { ...group, cause: 'cancelled' as const }
      : group,
  );
  return { ...decision, failures };
}
