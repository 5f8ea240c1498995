import { type CapHit, coreSeconds, spending, withinCaps } from './caps.js';
import type { Checkpoint, Outcomes } from './checkpoint.js';
import { type Decision, decide, type RetryGroup, type RoundTask } from './decide.js';
import { activeNodes, type ExcludedNode, judgeNodes, mergeExclusions } from './node-exclusion.js';

/** The decision of a round, with what the chain as a whole adds to its policy. */
export interface RoundDecision {
  decision: Decision;
  /** The cap that kept tasks from being run again. */
  capped: CapHit | null;
  /** What the chain keeps from now on. */
  excludedNodes: ExcludedNode[];
  /** Those of them that this round has found. */
  found: ExcludedNode[];
}

/**
 * Decides a round that has ended, a pure function: failures that were a bad node's fault are retried, the next round
 * avoids bad nodes, and what exceeds a cap of the chain is not run again.
 *
 * @param tasks walked more than once
 * @param now seconds since the epoch
 */
export function decideRound(
  checkpoint: Checkpoint,
  tasks: Iterable<RoundTask>,
  outcomes: Outcomes,
  now: number,
): RoundDecision {
  const { ladder, request } = checkpoint;
  const { found, blamed } = judgeNodes(tasks, outcomes, ladder.nodeExclusion, checkpoint.excludedNodes, now);
  const judged = decide(tasks, outcomes, ladder, request.maxLevel, now, blamed);
  const used = spending(checkpoint, coreSeconds(outcomes.values()), now);
  const { decision, capped } = withinCaps(judged, outcomes, ladder.caps, used);
  const excludedNodes = mergeExclusions(checkpoint.excludedNodes, found);
  const avoided = activeNodes(excludedNodes, now);
  const next = decision.next.map((group) => avoiding(group, avoided));
  return { decision: { ...decision, next }, capped, excludedNodes, found };
}

function avoiding(group: RetryGroup, nodes: readonly string[]): RetryGroup {
  return { ...group, exclude: [...new Set([...group.exclude, ...nodes])].sort() };
}
