import { Refusal } from '../refusal.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import { part } from './ids.js';
import { type Member, someMembers } from './targets.js';

/**
 * `scontrol hold`: keeps a job, or one task of an array, from starting.
 *
 * @throws Refusal when it is unknown or has ended
 */
export function hold(state: PocketState, target: TaskTarget, now: number): void {
  state.write(() => {
    const tasks = open(someMembers(state, target, now));
    if (isWholeJob(target, tasks)) setJobHeld(state, target.job, 1);
    else for (const task of tasks) holdOne(state, task);
  });
}

/**
 * `scontrol release`.
 *
 * @throws Refusal when it is unknown or has ended
 */
export function release(state: PocketState, target: TaskTarget, now: number): void {
  state.write(() => {
    const tasks = open(someMembers(state, target, now));
    if (isWholeJob(target, tasks)) {
      setJobHeld(state, target.job, 0);
      state.sql('UPDATE task SET held = 0 WHERE job = ? AND held = 1').run(target.job);
    } else for (const task of tasks) releaseOne(state, task, now);
  });
}

function open(tasks: readonly Member[]): Member[] {
  const left = tasks.filter(({ state }) => state === 'PENDING' || state === 'RUNNING');
  if (left.length === 0) throw new Refusal('Job has already finished');
  return left;
}

/** A raw id of an array's task looks like a job's. */
function isWholeJob({ job, index }: TaskTarget, tasks: readonly Member[]): boolean {
  return index === null && tasks.every((task) => task.job === job);
}

function setJobHeld(state: PocketState, job: number, held: 0 | 1): void {
  state.sql('UPDATE job SET held = ? WHERE id = ?').run(held, job);
}

function holdOne(state: PocketState, task: Member): void {
  if (task.state !== 'PENDING') return;
  part(state, task);
  state.sql("UPDATE task SET held = 1, reason = 'JobHeldUser' WHERE id = ?").run(task.id);
}

/** Where the whole job is held, the others are from here on held one by one. */
function releaseOne(state: PocketState, task: Member, now: number): void {
  const job = state.sql<{ held: number }>('SELECT held FROM job WHERE id = ?').get(task.job);
  if (job?.held === 1) {
    setJobHeld(state, task.job, 0);
    for (const mate of someMembers(state, { job: task.job, index: null }, now)) holdOne(state, mate);
  }
  state.sql('UPDATE task SET held = 0 WHERE id = ?').run(task.id);
}
