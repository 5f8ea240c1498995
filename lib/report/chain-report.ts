import { type CapUse, capUses, spending } from '../chain/caps.js';
import type { ChainState, Checkpoint, TaskOutcome } from '../chain/checkpoint.js';
import type { ExcludedNode } from '../chain/node-exclusion.js';
import { type RetryStatus, retryRows, type WarnedTasks, warnedRows } from '../chain/retry-status.js';
import { type FailedTasks, failedTasks } from './failed-tasks.js';
import { type RoundDetails, roundDetails } from './round-details.js';
import { type RoundReport, roundReport } from './round-report.js';

/** What became of a chain, as plain data: the same in JSON and behind the markdown. Times in seconds, sizes in bytes. */
export interface ChainReport {
  chain: string;
  /** The script's name. */
  script: string;
  state: ChainState;
  /** Why it is blocked, stopped, capped or cancelled. */
  reason: string | null;
  createdAt: number;
  updatedAt: number;
  rounds: RoundReport[];
  /** Decided rounds from inside; null unless asked for. */
  details: RoundDetails[] | null;
  failed: FailedTasks;
  /** What it has used, core-hours of decided rounds, and what it may use. */
  caps: CapUse[];
  excludedNodes: ExcludedNode[];
  /** Retries at the same level, by states that have a counter of their own. */
  retries: RetryStatus[];
  /** Completed with a warning. */
  warned: WarnedTasks[];
  summary: ChainSummary;
}

/** Each task of the chain is in exactly one of these, but for `tasks`, which is their sum. */
export interface ChainSummary {
  tasks: number;
  completed: number;
  /** Not run again. */
  failed: number;
  /** Neither success nor failure is proved. */
  unknown: number;
  /** Of a round that is not decided. */
  open: number;
}

/**
 * @param outcomesOf the attempts of a round, none when they are gone; asked for details only
 */
export function chainReport(
  checkpoint: Checkpoint,
  outcomesOf: (round: number) => TaskOutcome[],
  { detailed }: { detailed: boolean },
): ChainReport {
  const rounds = checkpoint.rounds.map((round) => roundReport(checkpoint, round));
  const failed = failedTasks(checkpoint, detailed ? outcomesOf : null);
  return {
    chain: checkpoint.chain,
    script: checkpoint.request.script.name,
    state: checkpoint.state,
    reason: checkpoint.reason,
    createdAt: checkpoint.createdAt,
    updatedAt: checkpoint.updatedAt,
    rounds,
    details: detailed ? detailsOf(checkpoint, rounds, outcomesOf) : null,
    failed,
    caps: capUses(checkpoint.ladder.caps, spending(checkpoint, 0, checkpoint.updatedAt)),
    excludedNodes: checkpoint.excludedNodes,
    retries: retryRows(checkpoint),
    warned: warnedRows(checkpoint),
    summary: summarize(rounds, failed.total),
  };
}

function detailsOf(
  checkpoint: Checkpoint,
  reports: readonly RoundReport[],
  outcomesOf: (round: number) => TaskOutcome[],
): RoundDetails[] {
  return checkpoint.rounds.flatMap((round, position) => {
    const report = reports[position];
    if (report === undefined || round.result === null) return [];
    return roundDetails(round, report, outcomesOf(round.number)) ?? [];
  });
}

function summarize(rounds: readonly RoundReport[], failed: number): ChainSummary {
  const total = (key: 'completed' | 'unknown') =>
    rounds.reduce((sum, { attempts }) => sum + (attempts?.[key] ?? 0), 0);
  const last = rounds.at(-1);
  return {
    tasks: rounds[0]?.tasks ?? 0,
    completed: total('completed'),
    failed,
    unknown: total('unknown'),
    open: last?.attempts?.retrying ?? last?.tasks ?? 0,
  };
}
