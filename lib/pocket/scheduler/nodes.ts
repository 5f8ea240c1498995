import { Refusal } from '../refusal.js';
import type { PocketState } from '../state/state.js';
import { beginEnding } from './transitions.js';

export interface NodeChange {
  /** DRAIN takes no more jobs, DOWN loses those that it has. */
  state: 'UP' | 'DRAIN' | 'DOWN';
  /** Null where nobody gave one. */
  reason: string | null;
}

/**
 * `scontrol update NodeName=`.
 *
 * @throws Refusal for an unknown node
 */
export function updateNode(state: PocketState, node: string, change: NodeChange, now: number): void {
  state.write(() => {
    const { changes } = state
      .sql('UPDATE node SET state = ?, reason = ?, changed_at = ? WHERE name = ?')
      .run(change.state, change.state === 'UP' ? null : change.reason, now, node);
    if (changes === 0) throw new Refusal('Invalid node name specified');
    if (change.state === 'DOWN') loseRuns(state, node, now);
  });
}

/** A node breaks down: what runs there ends as NODE_FAIL, or runs again elsewhere. @throws Refusal */
export function loseNode(state: PocketState, node: string, now: number): void {
  updateNode(state, node, { state: 'DOWN', reason: 'Not responding' }, now);
}

/** @throws Refusal for an unknown node */
export function restoreNode(state: PocketState, node: string, now: number): void {
  updateNode(state, node, { state: 'UP', reason: null }, now);
}

function loseRuns(state: PocketState, node: string, now: number): void {
  const runs = state.sql<{ id: number; nodes: string }>("SELECT id, nodes FROM task WHERE state = 'RUNNING'");
  for (const { id, nodes } of runs.all()) {
    if (nodes.split(',').includes(node)) beginEnding(state, id, { ending: 'NODE_FAIL' }, now);
  }
}
