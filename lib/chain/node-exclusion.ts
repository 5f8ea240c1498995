import { format } from 'date-fns/format';
import { formatExitCode } from '../slurm/exit-code.js';
import type { JobState } from '../slurm/job-state.js';
import type { Outcomes, TaskOutcome } from './checkpoint.js';
import type { RoundTask } from './decide.js';

/** When a node is taken for a black hole: it ends every task at once, and so draws ever more of them. */
export interface NodeExclusionRule {
  /** Seconds; a failure that comes no later is fast. */
  fastFail: number;
  /** Fast failures of different tasks in one round, all with the same state and exit code. */
  failures: number;
  /** Seconds for which the node is left out. */
  expire: number;
}

/**
 * Five, since Slurm packs nodes in the order of indices: three neighbours that fail by their own fault, such as one bad
 * input, often share a node.
 */
export const DEFAULT_NODE_EXCLUSION: NodeExclusionRule = { fastFail: 10, failures: 5, expire: 3600 };

/** A node that the chain's jobs avoid; kept when it has expired, as one that was bad before. */
export interface ExcludedNode {
  node: string;
  /** Seconds since the epoch. */
  since: number;
  until: number;
  reason: string;
}

export interface NodeJudgement {
  /** Nodes that this round has shown to be bad. */
  found: ExcludedNode[];
  /** Tasks whose fast failure was their node's fault. */
  blamed: ReadonlySet<number>;
}

/** Ends that a broken node causes. The others speak of memory, time and priority, whatever the node. */
const NODE_FAULTS: readonly (JobState | 'UNKNOWN')[] = ['FAILED', 'NODE_FAIL', 'BOOT_FAIL'];

/** What a round shows of one node. */
interface NodeRecord {
  ended: number;
  completed: number;
  fast: number;
  /** Fast failures that say something of the node, by state and exit code. */
  testimony: Map<string, number>;
}

/**
 * Finds the nodes of a round that ended tasks at once, a pure function. A node is bad when
 * - at least `failures` tasks failed on it within `fastFail`, in the same way, and none completed there: tasks that fail
 *   by their own fault do so in ways of their own;
 * - on the nodes of which this cannot be said at least as many tasks ended otherwise, and fast failures were at most
 *   half as frequent there: a script that fails everywhere is nobody's fault but its own;
 * - the nodes of which it can be said are no more than the others.
 *
 * A task that runs again at its level is no witness, since it may carry its failure from node to node; against a node
 * that was excluded before it is.
 *
 * @param tasks the round's tasks; those without an outcome say nothing
 * @param kept all exclusions so far, expired ones too
 * @param now seconds since the epoch
 */
export function judgeNodes(
  tasks: Iterable<RoundTask>,
  outcomes: Outcomes,
  rule: NodeExclusionRule | null,
  kept: readonly ExcludedNode[],
  now: number,
): NodeJudgement {
  if (rule === null) return { found: [], blamed: new Set() };
  const records = nodeRecords(tasks, outcomes, rule, kept);
  const found = badNodes(records, rule).map(([node, record]) => ({
    node,
    since: now,
    until: now + rule.expire,
    reason: describe(record, rule),
  }));
  const bad = new Set([...found.map(({ node }) => node), ...activeNodes(kept, now)]);
  const blamed = new Set<number>();
  for (const { index } of bad.size === 0 ? [] : tasks) {
    const outcome = outcomes.get(index);
    if (outcome?.node != null && bad.has(outcome.node) && isFastFailure(outcome, rule)) blamed.add(index);
  }
  return { found, blamed };
}

function isFastFailure({ state, terminal, elapsed }: TaskOutcome, { fastFail }: NodeExclusionRule): boolean {
  return terminal && NODE_FAULTS.includes(state) && elapsed <= fastFail;
}

function nodeRecords(
  tasks: Iterable<RoundTask>,
  outcomes: Outcomes,
  rule: NodeExclusionRule,
  kept: readonly ExcludedNode[],
): Map<string, NodeRecord> {
  const excludedBefore = new Set(kept.map(({ node }) => node));
  const records = new Map<string, NodeRecord>();
  for (const { index, attemptsAtLevel } of tasks) {
    const outcome = outcomes.get(index);
    // Of an attempt on several nodes (`n[1-2]`) nobody can say which one it was.
    if (!outcome?.terminal || outcome.node === null || /[[,]/.test(outcome.node)) continue;
    const record = records.get(outcome.node) ?? newRecord();
    records.set(outcome.node, record);
    record.ended += 1;
    if (outcome.state === 'COMPLETED') record.completed += 1;
    if (!isFastFailure(outcome, rule)) continue;
    record.fast += 1;
    if (attemptsAtLevel > 0 && !excludedBefore.has(outcome.node)) continue;
    const way = `${outcome.state} ${formatExitCode(outcome.exit)}`;
    record.testimony.set(way, (record.testimony.get(way) ?? 0) + 1);
  }
  return records;
}

function newRecord(): NodeRecord {
  return { ended: 0, completed: 0, fast: 0, testimony: new Map() };
}

function badNodes(
  records: ReadonlyMap<string, NodeRecord>,
  { failures }: NodeExclusionRule,
): [string, NodeRecord][] {
  const isSuspect = ({ completed, testimony }: NodeRecord) =>
    completed === 0 && Math.max(0, ...testimony.values()) >= failures;
  const suspects = [...records].filter(([, record]) => isSuspect(record));
  const others = [...records.values()].filter((record) => !isSuspect(record));
  if (suspects.length > others.length) return [];
  const ended = others.reduce((sum, record) => sum + record.ended, 0);
  const fast = others.reduce((sum, record) => sum + record.fast, 0);
  if (ended - fast < failures) return [];
  return suspects.filter(([, record]) => fast / ended <= record.fast / record.ended / 2);
}

function describe({ fast, ended }: NodeRecord, { fastFail }: NodeExclusionRule): string {
  return `${fast} of ${ended} tasks failed within ${fastFail} s, none completed`;
}

/** The exclusions that a chain keeps: one for each node, the newest. */
export function mergeExclusions(
  kept: readonly ExcludedNode[],
  found: readonly ExcludedNode[],
): ExcludedNode[] {
  const renewed = new Set(found.map(({ node }) => node));
  return [...kept.filter(({ node }) => !renewed.has(node)), ...found];
}

/** Nodes that jobs which are submitted now avoid. */
export function activeNodes(kept: readonly ExcludedNode[], now: number): string[] {
  return kept.filter(({ until }) => until > now).map(({ node }) => node);
}

/** `n3 until 2026-11-21 10:00:00: 5 of 5 tasks failed within 10 s, none completed` */
export function describeExclusion({ node, until, reason }: ExcludedNode): string {
  return `${node} until ${format(until * 1000, 'yyyy-MM-dd HH:mm:ss')}: ${reason}`;
}
