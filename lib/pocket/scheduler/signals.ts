import { constants } from 'node:os';
import type { SignalScope } from '../executor.js';
import type { RunId } from '../job.js';
import type { PocketState } from '../state/state.js';

export const { SIGTERM, SIGKILL, SIGCONT } = constants.signals;

/** A signal for the processes of a run. */
export interface SignalOrder {
  run: RunId;
  signal: number;
  scope: SignalScope;
}

/** The last order that this process has handed out: what came with it was sent once the next are asked for. */
const handedOut = new WeakMap<PocketState, number>();

/** Has the daemon send a signal to the run that goes on; none where nothing runs. Within a transaction. */
export function orderSignal(state: PocketState, task: number, signal: number, scope: SignalScope): void {
  state
    .sql(
      `INSERT INTO signal_order (task, restart, signal, scope)
       SELECT id, restarts, ?, ? FROM task WHERE id = ? AND state = 'RUNNING'`,
    )
    .run(signal, scope, task);
}

/** Orders that were not handed out yet; a process that was killed in between has left its own to the next. */
export function takeSignals(state: PocketState): SignalOrder[] {
  const sent = handedOut.get(state) ?? 0;
  if (sent > 0) state.sql('DELETE FROM signal_order WHERE id <= ?').run(sent);
  const rows = state
    .sql<{ id: number; raw_id: number; restart: number; signal: number; scope: SignalScope }>(
      `SELECT signal_order.id, raw_id, restart, signal, scope FROM signal_order JOIN task ON task.id = task
       WHERE state = 'RUNNING' AND restart = restarts ORDER BY signal_order.id`,
    )
    .all();
  handedOut.set(state, Math.max(sent, ...rows.map(({ id }) => id)));
  return rows.map(({ raw_id, restart, signal, scope }) => ({
    run: { rawId: raw_id, restart },
    signal,
    scope,
  }));
}
