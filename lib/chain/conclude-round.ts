import { epochSeconds } from '../clock.js';
import { compress } from '../slurm/array-cover.js';
import { retryTransient } from '../slurm/retry.js';
import { squeueJobs } from '../slurm/squeue.js';
import { type CapHit, coreSeconds, describeCap } from './caps.js';
import {
  type ChainEvent,
  type ChainState,
  type Checkpoint,
  handlerIds,
  jobIds,
  lastRound,
  type Outcomes,
  type Round,
  type RoundResult,
} from './checkpoint.js';
import { conservationViolation } from './conservation.js';
import type { Decision, RoundTask } from './decide.js';
import { decideRound, type RoundDecision } from './decide-round.js';
import { concatenate, EMPTY, type IndexSet, indices, placeOf, union } from './index-set.js';
import { killPoint } from './kill-point.js';
import { describeExclusion } from './node-exclusion.js';
import { observeRound } from './observe.js';
import type { OpenChain } from './open-chain.js';
import { writeOutcomes } from './outcomes-file.js';
import { planRound, tokenIn } from './plan.js';
import { earlierEvents, type RetryEvent } from './retry-budget.js';
import { writeRoundFiles } from './round-files.js';
import { submitLaterHandler } from './submit-round.js';

/** How often a round is looked at again at a later time before a person is asked. About two hours in all. */
const LATER_LOOKS = 15;

/** Seconds from one later look to the next: half a minute, doubling to ten. */
function laterDelay(looks: number): number {
  return Math.min(30 * 2 ** looks, 600);
}

/**
 * Phase `running`: when every task of the round has ended, by evidence, decides and writes the decision together
 * with the next round's plan; otherwise sees to it that somebody looks again.
 *
 * @param self the handler job that is running this, if one is
 * @returns true when the round is decided
 */
export async function concludeRound(
  chain: OpenChain,
  env: NodeJS.ProcessEnv,
  self: string | null,
): Promise<boolean> {
  const round = lastRound(chain.checkpoint);
  const { outcomes, open } = await observeRound(chain, env);
  killPoint('round-observed', round.number);
  if (open > 0) {
    await waitLonger(chain, open, env, self);
    return false;
  }
  // Walked several times, never held: a million tasks are 100 MB as objects.
  const tasks = { [Symbol.iterator]: () => roundTasks(chain.checkpoint, round) };
  const decided = decideRound(chain.checkpoint, tasks, outcomes, epochSeconds());
  writeOutcomes(chain.paths.outcomes(round.number), outcomes.values());
  killPoint('outcomes-written', round.number);
  writeDecision(chain, round, decided, roundResult(decided.decision, outcomes, decided.capped));
  return true;
}

const NO_EVENTS: readonly RetryEvent[] = [];

/** The round's tasks, with what became of them in earlier rounds. */
export function* roundTasks(checkpoint: Checkpoint, round: Round): Generator<RoundTask> {
  const earlier = checkpoint.rounds.filter((other) => other.number < round.number);
  const events = earlierEvents(checkpoint.rounds, round.number);
  for (const level of new Set(round.jobs.map((job) => job.level))) {
    const attempts = earlier.map((other) => indicesAtLevel(other, level)).filter((set) => set.length > 0);
    for (const index of indicesAtLevel(round, level)) {
      const attemptsAtLevel = attempts.reduce((sum, set) => (placeOf(set, index) < 0 ? sum : sum + 1), 0);
      yield { index, level, attemptsAtLevel, events: events.get(index) ?? NO_EVENTS };
    }
  }
}

function indicesAtLevel({ jobs }: Round, level: number): IndexSet {
  return union(jobs.filter((job) => job.level === level).map((job) => indices(job.indices)));
}

export function roundResult(
  decision: Decision,
  outcomes: Outcomes,
  capped: CapHit | null = null,
): RoundResult {
  const states: RoundResult['states'] = {};
  for (const { state } of outcomes.values()) states[state] = (states[state] ?? 0) + 1;
  const { completed, retrying, failed, unknown } = decision.buckets;
  return {
    finishedAt: epochSeconds(),
    states,
    buckets: {
      completed: compress(completed),
      retrying: compress(retrying),
      failed: compress(failed),
      unknown: compress(unknown),
    },
    failures: decision.failures,
    coreSeconds: coreSeconds(outcomes.values()),
    capped,
    retries: decision.retries,
    warned: compress(decision.warned),
  };
}

function writeDecision(chain: OpenChain, round: Round, decided: RoundDecision, result: RoundResult): void {
  const { checkpoint, paths } = chain;
  const { decision, excludedNodes } = decided;
  const finished: Round = { ...round, phase: 'finished', result };
  const rounds = [...checkpoint.rounds.slice(0, -1), finished];
  const next =
    decision.next.length === 0
      ? null
      : planRound(
          checkpoint.chain,
          round.number + 1,
          decision.next,
          checkpoint.request,
          checkpoint.limits,
          epochSeconds(),
        );
  const violation =
    conservationViolation(union(indicesByJob(round)), decision.buckets) ??
    conservationViolation(decision.buckets.retrying, {
      completed: EMPTY,
      // Not a union: an index in two jobs of the next round would run twice.
      retrying: next === null ? EMPTY : concatenate(indicesByJob(next)),
      failed: EMPTY,
      unknown: EMPTY,
    });
  const events = [...checkpoint.events, ...findings(decided, round.number)];
  const event = { round: round.number, kind: 'decided', text: describeDecision(decision, result) };
  if (violation !== null) {
    chain.write({ state: 'stopped', reason: violation }, { ...event, kind: 'stopped', text: violation });
  } else if (next !== null) {
    writeRoundFiles(checkpoint, next, paths);
    chain.write({ rounds: [...rounds, next], excludedNodes, events }, event);
  } else {
    chain.write({ rounds, excludedNodes, events, ...end(rounds) }, event);
  }
}

function indicesByJob({ jobs }: Round): IndexSet[] {
  return jobs.map((job) => indices(job.indices));
}

/** What a round has shown beside how its tasks ended. */
function findings({ found, capped }: RoundDecision, round: number): ChainEvent[] {
  const at = epochSeconds();
  return [
    ...found.map((excluded) => ({ at, round, kind: 'excluded', text: describeExclusion(excluded) })),
    ...(capped === null ? [] : [{ at, round, kind: 'capped', text: describeCap(capped) }]),
  ];
}

/** How a chain ends when nothing is left to run again. */
function end(rounds: readonly Round[]): { state: ChainState; reason: string | null } {
  const causes = new Set(rounds.flatMap(({ result }) => result?.failures.map(({ cause }) => cause) ?? []));
  const hit = rounds.findLast(({ result }) => result !== null && result.capped !== null)?.result?.capped;
  if (hit) return { state: 'capped', reason: describeCap(hit) };
  if (causes.size === 0) return { state: 'completed', reason: null };
  return { state: causes.has('exhausted') ? 'exhausted' : 'failed', reason: null };
}

function describeDecision(decision: Decision, result: RoundResult): string {
  const { completed, retrying, failed } = decision.buckets;
  const count = (state: 'OUT_OF_MEMORY' | 'TIMEOUT') => result.states[state] ?? 0;
  const causes = `OOM: ${count('OUT_OF_MEMORY')}, TIMEOUT: ${count('TIMEOUT')}`;
  return [
    `completed: ${completed.length} tasks`,
    ...(decision.warned.length > 0 ? [`with a warning: ${decision.warned.length} of them`] : []),
    ...(retrying.length > 0 ? [`escalating: ${retrying.length} tasks (${causes})`] : []),
    ...(failed.length > 0 ? [`not retrying: ${failed.length} tasks (${describeFailures(result)})`] : []),
  ].join('; ');
}

function describeFailures({ failures }: RoundResult): string {
  return failures.map(({ count, state, cause }) => `${count} ${state} ${cause}`).join(', ');
}

/** Somebody has to look again: a handler that is queued already, or a new one. */
async function waitLonger(
  chain: OpenChain,
  open: number,
  env: NodeJS.ProcessEnv,
  self: string | null,
): Promise<void> {
  const round = lastRound(chain.checkpoint);
  const ids = [...jobIds(round), ...handlerIds(round)];
  const rows = await retryTransient(() => squeueJobs(ids, env), { first: 0.5, cap: 5, total: 600 });
  // By token, not by id alone: ids can start again, and a handler then bear that of a job.
  const queued = (token: string) => rows.some(({ comment }) => tokenIn(comment) === token);
  const jobsLive = round.jobs.some(({ token }) => queued(token));
  // Once the jobs have ended, afterok and afternotok have fired or never will.
  const waiting = round.handlers.some(
    ({ jobId, token, trigger }) =>
      jobId !== null &&
      jobId !== self &&
      queued(token) &&
      (jobsLive || trigger === 'again' || trigger === 'afterany'),
  );
  if (waiting) return;
  if (jobsLive) return await submitLaterHandler(chain, 'afterany', 0);
  const looks = round.handlers.filter((handler) => handler.trigger === 'again').length;
  if (looks < LATER_LOOKS) return await submitLaterHandler(chain, 'again', laterDelay(looks));
  const reason = `round ${round.number}: the fate of ${open} tasks is not known to accounting nor controller`;
  chain.write({ state: 'stopped', reason }, { round: round.number, kind: 'stopped', text: reason });
}
