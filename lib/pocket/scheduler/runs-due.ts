import type { Submission } from '../job.js';
import type { PocketState } from '../state/state.js';
import type { Alarm } from './alarm.js';
import { facts } from './job-facts.js';
import { orderSignal, SIGKILL } from './signals.js';
import { beginEnding } from './transitions.js';

interface Run {
  id: number;
  job: number;
  ending: string | null;
  kill_at: number | null;
  warned: number;
  started_at: number;
  time_limit: number | null;
}

/** What time does to runs: --signal, the time limit, KILL after TERM. */
export function runsDue(state: PocketState, now: number, alarm: Alarm): void {
  const runs = state.sql<Run>(
    "SELECT id, job, ending, kill_at, warned, started_at, time_limit FROM task WHERE state = 'RUNNING'",
  );
  // Of each job once: hundreds of its tasks may run.
  const known = new Map<number, Submission>();
  for (const run of runs.all()) {
    const submission = known.get(run.job) ?? facts(state, run.job);
    known.set(run.job, submission);
    if (run.ending === null) whileItRuns(state, run, submission, now, alarm);
    else whileItEnds(state, run, now, alarm);
  }
}

function whileItRuns(state: PocketState, run: Run, { signal }: Submission, now: number, alarm: Alarm): void {
  const limit = run.time_limit === null ? Number.POSITIVE_INFINITY : run.started_at + run.time_limit;
  if (limit <= now) {
    beginEnding(state, run.id, { ending: 'TIMEOUT' }, now);
    alarm.wakeAt(now + state.cluster.settings.killWait);
    return;
  }
  alarm.wakeAt(limit);
  if (signal === null || run.warned === 1) return;
  const warning = limit - signal.before;
  alarm.wakeAt(warning);
  if (warning > now) return;
  orderSignal(state, run.id, signal.number, signal.batchShell ? 'batch' : 'steps');
  state.sql('UPDATE task SET warned = 1 WHERE id = ?').run(run.id);
}

function whileItEnds(state: PocketState, run: Run, now: number, alarm: Alarm): void {
  alarm.wakeAt(run.kill_at);
  if (run.kill_at === null || run.kill_at > now) return;
  orderSignal(state, run.id, SIGKILL, 'all');
  state.sql('UPDATE task SET kill_at = NULL WHERE id = ?').run(run.id);
}
