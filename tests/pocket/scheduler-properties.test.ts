import fc from 'fast-check';
import t from 'tap';
import { cancel, hold, loseNode, release, requeue, restoreNode } from '../../lib/pocket/scheduler/control.js';
import { judge } from '../../lib/pocket/scheduler/dependencies.js';
import { jobRow, nodeRows, type TaskRow } from '../../lib/pocket/state/queries.js';
import type { Course } from './scheduler-simulation.js';
import { DEFAULT_CLUSTER, Simulation } from './scheduler-simulation.js';

const MB = 2 ** 20;
const KINDS = ['afterok', 'afternotok', 'afterany', 'after', 'aftercorr'] as const;

const job = fc.record({
  size: fc.integer({ min: 0, max: 8 }),
  throttle: fc.option(fc.integer({ min: 1, max: 3 })),
  memory: fc.constantFrom(100, 700, 1500),
  nodes: fc.constantFrom(1, 1, 1, 2),
  partition: fc.constantFrom('day', 'week', 'devel'),
  timeLimit: fc.constantFrom(20, 60),
  requeue: fc.boolean(),
  kill: fc.boolean(),
  dependency: fc.option(fc.record({ kind: fc.constantFrom(...KINDS), back: fc.integer({ min: 1, max: 4 }) })),
});

const event = fc.record({
  kind: fc.constantFrom(
    'submit',
    'submit',
    'submit',
    'cancel',
    'hold',
    'release',
    'lose',
    'restore',
    'requeue',
    'wait',
  ),
  which: fc.nat(9),
  index: fc.option(fc.nat(8)),
  seconds: fc.nat(40),
  job,
});

const course = fc.record({
  seconds: fc.integer({ min: 0, max: 50 }),
  exit: fc.constantFrom(0, 0, 0, 1, 7),
  outOfMemory: fc.constantFrom(false, false, false, true),
  stubborn: fc.boolean(),
});

const history = fc.record({
  events: fc.array(event, { maxLength: 25 }),
  courses: fc.array(course, { minLength: 1, maxLength: 12 }),
});

type Event = typeof event extends fc.Arbitrary<infer E> ? E : never;

/** What holds at every moment, looked at after every step. */
class Checked extends Simulation {
  readonly jobs: number[] = [];

  override look(): void {
    const before = this.launched.length;
    super.look();
    for (const { job: id, arrayIndex } of this.launched.slice(before)) this.mayStart(id, arrayIndex);
    this.fits();
    this.keepsThrottle();
  }

  private mayStart(id: number, index: number | null): void {
    const row = jobRow(this.state, id);
    if (row === null) throw new Error(`job ${id} is gone`);
    const verdict = judge(this.state, row, index, this.time);
    if (verdict.state !== 'free') throw new Error(`${id}_${index} started in spite of ${row.dependency}`);
    if (row.held) throw new Error(`${id}_${index} started although it is held`);
  }

  private fits(): void {
    const nodes = nodeRows(this.state);
    for (const { name, cpus, memory } of DEFAULT_CLUSTER.nodes) {
      const node = nodes.find((row) => row.name === name);
      if (node === undefined || node.allocatedCpus > cpus || node.allocatedMemory > memory) {
        throw new Error(`more on ${name} than it has`);
      }
    }
  }

  private keepsThrottle(): void {
    for (const id of this.jobs) {
      const throttle = jobRow(this.state, id)?.throttle ?? null;
      const running = this.tasks({ job: id, index: null }).filter(({ state }) => state === 'RUNNING');
      if (throttle !== null && running.length > throttle) throw new Error(`too many of ${id} run`);
    }
  }

  apply({ kind, which, index, seconds, job: wish }: Event): void {
    const { state, time: now } = this;
    const known = this.jobs[which % Math.max(1, this.jobs.length)];
    const node = `n${1 + (which % 5)}`;
    if (kind === 'submit') this.add(wish);
    else if (kind === 'lose') loseNode(state, node, now);
    else if (kind === 'restore') restoreNode(state, node, now);
    else if (known !== undefined) {
      const target = { job: known, index };
      try {
        if (kind === 'cancel') cancel(state, [target], { uid: 0, now });
        else if (kind === 'hold') hold(state, target, now);
        else if (kind === 'release') release(state, target, now);
        else if (kind === 'requeue') requeue(state, target, now);
      } catch (error) {
        if ((error as Error).name !== 'Refusal') throw error;
      }
    }
    this.run(seconds);
  }

  private add(wish: Event['job']): void {
    const target = wish.dependency === null ? undefined : this.jobs.at(-wish.dependency.back);
    this.jobs.push(
      this.submit({
        indices: wish.size === 0 ? null : Array.from({ length: wish.size }, (_, index) => index),
        throttle: wish.size === 0 ? null : wish.throttle,
        memoryPerNode:
          wish.memory * MB > 1024 * MB && wish.partition === 'devel' ? 500 * MB : wish.memory * MB,
        partitions: [wish.partition],
        timeLimit: wish.timeLimit,
        dependency: target === undefined ? '' : `${wish.dependency?.kind}:${target}`,
        submission: { nodes: wish.nodes, requeue: wish.requeue, killOnInvalidDependency: wish.kill },
      }),
    );
  }

  /** Gives everything back that was taken away, and lets it come to its end. */
  conclude(): void {
    for (const { name } of DEFAULT_CLUSTER.nodes) restoreNode(this.state, name, this.time);
    for (const id of this.jobs) {
      try {
        release(this.state, { job: id, index: null }, this.time);
      } catch (error) {
        if ((error as Error).name !== 'Refusal') throw error;
      }
    }
    this.run();
  }
}

function isStuck({ state, reason }: TaskRow): boolean {
  return state === 'RUNNING' || (state === 'PENDING' && !reason.startsWith('Dependency'));
}

t.test('whatever happens, in whatever order', async (t) => {
  fc.assert(
    fc.property(history, ({ events, courses }) => {
      const simulated = new Checked();
      simulated.course = ({ run }): Course => {
        const { seconds, exit, outOfMemory, stubborn } = courses[
          (run.rawId * 7 + run.restart) % courses.length
        ] ?? {
          seconds: 1,
          exit: 0,
          outOfMemory: false,
          stubborn: false,
        };
        return { seconds, stubborn, end: { exit: { code: exit, signal: 0 }, outOfMemory } };
      };
      for (const one of events) simulated.apply(one);
      simulated.conclude();
      const stuck = simulated.tasks().filter(isStuck);
      if (stuck.length > 0) throw new Error(`never ends: ${JSON.stringify(stuck)}`);
      const runs = new Set(simulated.launched.map(({ run }) => `${run.rawId}.${run.restart}`));
      if (runs.size !== simulated.launched.length) throw new Error('a run was launched twice');
      const raw = simulated.tasks().flatMap(({ rawId }) => (rawId === null ? [] : [rawId]));
      if (new Set(raw).size !== raw.length) throw new Error('two tasks under one raw id');
      for (const task of simulated.tasks()) {
        const launches = simulated.launched.filter(({ run }) => run.rawId === task.rawId).length;
        if (launches > task.restarts + 1) throw new Error(`${task.job}_${task.index} ran too often`);
        const last = `${task.rawId}.${task.restarts}`;
        if (task.startedAt !== null && !runs.has(last)) throw new Error(`${last} was not launched`);
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 150) },
  );
  t.pass('nothing is overcommitted, nothing starts too soon, every run ends once');
});
