import type { Attempt } from './attempt.js';

/** How much of something a task needs, as far as its attempts tell. */
export interface Amount {
  /** When `known`, the need itself. Otherwise the need is more than this, nobody knows by how much. */
  atLeast: number;
  known: boolean;
}

/** What a task would ask of any ladder: the model that advice and simulation share. Bytes and seconds. */
export interface TaskNeed {
  index: number;
  memory: Amount;
  time: Amount;
  cpus: number;
  /** False for a program that fails by itself, however much it is given. */
  succeeds: boolean;
  /** Whether `memory` was measured, or stands for the rung at which the task completed. */
  measured: boolean;
  /** Of what an attempt ran out; a later one may have had enough. */
  ranOut: { memory: boolean; time: boolean };
  /** How long attempts ran until they were out of memory, by the memory that they had; ascending. */
  outOfMemory: readonly { mem: number; after: number }[];
}

/**
 * One need a task, by index. What completed attempts used is the need; an attempt that was out of memory or time is a
 * lower bound of it. Tasks whose attempts say nothing (node failures, cancelled) have none.
 */
export function taskNeeds(attempts: Iterable<Attempt>): TaskNeed[] {
  const tasks = new Map<number, Attempt[]>();
  for (const attempt of attempts) {
    const known = tasks.get(attempt.index);
    if (known === undefined) tasks.set(attempt.index, [attempt]);
    else known.push(attempt);
  }
  return [...tasks].flatMap(([index, of]) => needOf(index, of) ?? []).sort((a, b) => a.index - b.index);
}

function needOf(index: number, attempts: readonly Attempt[]): TaskNeed | null {
  const ended = (end: Attempt['end']) => attempts.filter((attempt) => attempt.end === end);
  const completed = ended('completed');
  const whole = completed.length > 0 ? completed : ended('failed');
  const outOfMemory = ended('out_of_memory');
  const timedOut = ended('timeout');
  const telling = [...whole, ...outOfMemory, ...timedOut];
  if (telling.length === 0) return null;
  const bounds = {
    memory: most(outOfMemory.map(({ mem, maxRss }) => Math.max(finite(mem), maxRss ?? 0))),
    time: most(timedOut.map(({ elapsed }) => elapsed)),
  };
  const used = most(whole.map(({ maxRss }) => maxRss ?? 0));
  return {
    index,
    ...(whole.length > 0
      ? { memory: memoryOf(whole, used, bounds.memory), time: timeOf(whole, bounds.time) }
      : beyond(telling, bounds)),
    cpus: most(telling.map(({ cpus }) => cpus)),
    succeeds: completed.length > 0 || whole.length === 0,
    measured: whole.length > 0 && used > bounds.memory,
    ranOut: { memory: outOfMemory.length > 0, time: timedOut.length > 0 },
    outOfMemory: outOfMemory
      .flatMap(({ mem, elapsed }) => (finite(mem) > 0 ? [{ mem: finite(mem), after: elapsed }] : []))
      .sort((a, b) => a.mem - b.mem),
  };
}

/**
 * MaxRSS is sampled: there is none of a short run, and one below the memory that did not suffice is too low. The rung
 * at which the task ended by itself is then all that is sure.
 */
function memoryOf(whole: readonly Attempt[], used: number, bound: number): Amount {
  if (used > bound) return { atLeast: used, known: true };
  const rungs = whole.flatMap(({ mem }) => (finite(mem) > bound ? [finite(mem)] : []));
  return rungs.length > 0
    ? { atLeast: Math.min(...rungs), known: true }
    : { atLeast: Math.max(used, bound), known: false };
}

/** A run that took less than one that was cut short needs what the other did not get. */
function timeOf(whole: readonly Attempt[], bound: number): Amount {
  const elapsed = most(whole.map((attempt) => attempt.elapsed));
  return { atLeast: bound >= elapsed && bound > 0 ? bound + 1 : elapsed, known: true };
}

/** Of a task that never ended by itself: it needs more than all that it used. */
function beyond(
  telling: readonly Attempt[],
  bounds: { memory: number; time: number },
): Pick<TaskNeed, 'memory' | 'time'> {
  const used = most(telling.map(({ maxRss }) => maxRss ?? 0));
  const ran = most(telling.map(({ elapsed }) => elapsed));
  return {
    memory: { atLeast: Math.max(bounds.memory, used), known: false },
    time: { atLeast: Math.max(bounds.time, ran), known: false },
  };
}

function finite(mem: number | null): number {
  return mem !== null && Number.isFinite(mem) ? mem : 0;
}

/** The largest, or 0; lists can be too long for the arguments of Math.max. */
function most(values: readonly number[]): number {
  return values.reduce((largest, value) => Math.max(largest, value), 0);
}
