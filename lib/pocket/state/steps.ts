import type { ExitCode } from '../../slurm/exit-code.js';
import type { PocketState } from './state.js';

/** A step that srun begins within a run. */
export interface NewStep {
  task: number;
  restart: number;
  command: string;
  tasks: number;
}

/** Writes down that a step begins. @returns its name: `0`, `1` … in the order of their beginning */
export function beginStep(
  state: PocketState,
  { task, restart, command, tasks }: NewStep,
  now: number,
): string {
  return state.write(() => {
    const text = "SELECT count(*) AS earlier FROM step WHERE task = ? AND restart = ? AND name <> 'batch'";
    const name = String(state.sql<{ earlier: number }>(text).get(task, restart)?.earlier ?? 0);
    state
      .sql(
        `INSERT INTO step (task, restart, name, command, tasks, state, started_at)
         VALUES (?, ?, ?, ?, ?, 'RUNNING', ?)`,
      )
      .run(task, restart, name, command, tasks, now);
    return name;
  });
}

/** Writes down how a step ended; one that ended otherwise meanwhile, with its job, stays as it is. */
export function endStep(
  state: PocketState,
  step: { task: number; restart: number; name: string },
  end: { state: string; exit: ExitCode; now: number },
): void {
  state
    .sql(
      `UPDATE step SET state = ?, exit_code = ?, exit_signal = ?, ended_at = ?
       WHERE task = ? AND restart = ? AND name = ? AND ended_at IS NULL`,
    )
    .run(end.state, end.exit.code, end.exit.signal, end.now, step.task, step.restart, step.name);
}
