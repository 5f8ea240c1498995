import fc from 'fast-check';
import t from 'tap';
import { completeJob, retryJob } from '../../../lib/store/workflows/attempts.js';
import { changeStatus } from '../../../lib/store/workflows/change-status.js';
import { claimNextJobs } from '../../../lib/store/workflows/claim.js';
import { createJobs } from '../../../lib/store/workflows/create-jobs.js';
import { JOB, requireJob } from '../../../lib/store/workflows/jobs.js';
import { OPEN_DEPENDENCIES } from '../../../lib/store/workflows/open-dependencies.js';
import { removeJob } from '../../../lib/store/workflows/remove-jobs.js';
import { cancelWorkflow, resetJobs, resetWorkflowStatus } from '../../../lib/store/workflows/reset.js';
import { updateJob } from '../../../lib/store/workflows/update-job.js';
import { isComplete, type JobStatus } from '../../../lib/wire/job-status.js';
import { NaiveModel } from './naive-model.js';
import { PlainWorkflow, result } from './plain-workflow.js';

const BY = { user: 'u', now: 0 };
const ENDS = ['completed', 'completed', 'failed', 'terminated', 'canceled', 'pending_failed'] as const;

/** A workflow in the store and in the model; each step is taken in both, with numbers that choose what it is about. */
class Twins {
  readonly store = new PlainWorkflow();
  readonly model = new NaiveModel();
  isCanceled = false;

  add(choices: readonly number[], cancels: boolean): void {
    const ids = this.model.all.map(({ id }) => id);
    const upstream =
      ids.length === 0 ? [] : [...new Set(choices.map((choice) => ids[choice % ids.length] as number))];
    const job = {
      ...{ workflow_id: this.store.id, name: String(ids.length), command: 'true' },
      ...{ depends_on_job_ids: upstream, cancel_on_blocking_job_failure: cancels },
    };
    const [created] = createJobs(this.store.db, this.store.id, [job]);
    this.model.add({ id: created?.id as number, status: 'uninitialized', upstream, cancels });
  }

  initialize(): void {
    this.store.initialize();
    this.model.initialize();
  }

  claim(limit: number): void {
    const { jobs } = claimNextJobs(this.store.db, this.store.id, { limit, starter: null });
    const ready = this.isCanceled ? [] : this.model.all.filter(({ status }) => status === 'ready');
    const first = ready.slice(0, limit);
    for (const job of first) job.status = 'pending';
    const claimed = jobs.map(({ id }) => id);
    const expected = first.map(({ id }) => id);
    if (claimed.join() !== expected.join()) throw new Error(`claimed ${claimed}, not ${expected}`);
  }

  report(choice: number, status: JobStatus): void {
    const id = this.pick(choice, ['ready', 'pending', 'running']);
    if (id === null) return;
    const { attempt_id = 1 } = JOB.get(this.store.db, id) ?? {};
    completeJob(this.store.db, id, 0, status, { ...result(this.store, id, status), attempt_id });
    this.model.end(id, status);
  }

  retry(choice: number): void {
    const id = this.pick(choice, ['running', 'failed', 'terminated', 'pending_failed']);
    if (id === null) return;
    retryJob(this.store.db, id, { run: 0, maxRetries: 1_000, now: 0 });
    this.model.require(id).status = 'ready';
  }

  reset(failedOnly: boolean): void {
    resetJobs(this.store.db, this.store.id, failedOnly, BY);
    if (failedOnly) this.model.resetDownstream(['failed', 'canceled', 'terminated', 'pending_failed']);
    else for (const job of this.model.all) if (job.status !== 'disabled') job.status = 'uninitialized';
  }

  setUninitialized(choice: number): void {
    const id = this.pick(choice, null);
    if (id === null) return;
    changeStatus(this.store.db, id, 'uninitialized', undefined);
    const job = this.model.require(id);
    const taken = isComplete(job.status) ? this.model.dependents(id) : [];
    for (const other of taken)
      if (['completed', 'failed'].includes(other.status)) other.status = 'uninitialized';
    job.status = 'uninitialized';
  }

  disable(choice: number): void {
    const id = this.pick(choice, ['uninitialized']);
    if (id === null) return;
    updateJob(this.store.db, id, { ...requireJob(this.store.db, id), status: 'disabled' });
    this.model.end(id, 'disabled');
  }

  redirect(choice: number, choices: readonly number[]): void {
    const id = this.pick(choice, ['uninitialized']);
    if (id === null) return;
    const before = this.model.all.filter((job) => job.id < id);
    const upstream =
      before.length === 0 ? [] : choices.map((other) => before[other % before.length]?.id as number);
    const job = requireJob(this.store.db, id);
    updateJob(this.store.db, id, { ...job, depends_on_job_ids: upstream });
    this.model.require(id).upstream = [...new Set(upstream)];
  }

  remove(choice: number): void {
    const id = this.pick(choice, null);
    if (id === null) return;
    removeJob(this.store.db, requireJob(this.store.db, id));
    this.model.remove(id);
  }

  cancel(): void {
    cancelWorkflow(this.store.db, this.store.id, BY);
    this.isCanceled = true;
    for (const job of this.model.all)
      if (['pending', 'running'].includes(job.status)) job.status = 'canceled';
  }

  resume(): void {
    resetWorkflowStatus(this.store.db, this.store.id, true, BY);
    this.isCanceled = false;
    this.model.settle(this.model.all);
  }

  private pick(choice: number, statuses: readonly JobStatus[] | null): number | null {
    const among = this.model.all.filter(({ status }) => statuses === null || statuses.includes(status));
    return among[choice % among.length]?.id ?? null;
  }

  /** @returns where the two differ, and counters that are wrong; null if nothing is */
  difference(): string | null {
    const rows = this.store.db
      .prepare(
        `SELECT id, status, open_dependencies AS open, ${OPEN_DEPENDENCIES} AS counted FROM job ORDER BY id`,
      )
      .all() as { id: number; status: string; open: number; counted: number }[];
    const stored = rows.map(({ id, status, open }) => `${id}:${status}:${open}`).join(' ');
    const expected = this.model.all
      .map((job) => `${job.id}:${job.status}:${this.model.openOf(job)}`)
      .join(' ');
    if (stored !== expected) return `${stored}\n${expected}`;
    const miscounted = rows.find(({ open, counted }) => open !== counted);
    if (miscounted !== undefined) return `counter of ${miscounted.id}`;
    const stuck = rows.find(({ status, open }) => status === 'blocked' && open === 0);
    return stuck === undefined || this.isCanceled ? null : `${stuck.id} waits for nothing`;
  }
}

const number = fc.nat(1_000);
const numbers = fc.array(number, { maxLength: 4 });
const STEPS: fc.Arbitrary<(twins: Twins) => void>[] = [
  fc.tuple(numbers, fc.boolean()).map(
    ([choices, cancels]) =>
      (twins) =>
        twins.add(choices, cancels),
  ),
  fc.constant((twins) => twins.initialize()),
  fc.nat(4).map((limit) => (twins) => twins.claim(limit)),
  fc.tuple(number, fc.constantFrom(...ENDS)).map(
    ([choice, end]) =>
      (twins) =>
        twins.report(choice, end),
  ),
  number.map((choice) => (twins) => twins.retry(choice)),
  fc.boolean().map((failedOnly) => (twins) => twins.reset(failedOnly)),
  number.map((choice) => (twins) => twins.setUninitialized(choice)),
  number.map((choice) => (twins) => twins.disable(choice)),
  fc.tuple(number, numbers).map(
    ([choice, choices]) =>
      (twins) =>
        twins.redirect(choice, choices),
  ),
  number.map((choice) => (twins) => twins.remove(choice)),
  fc.constant((twins) => twins.cancel()),
  fc.constant((twins) => twins.resume()),
];
/** Jobs mostly end. */
const WEIGHTS = [4, 2, 4, 12, 2, 1, 1, 1, 1, 1, 1, 1];
const step = fc.oneof(...STEPS.map((arbitrary, place) => ({ arbitrary, weight: WEIGHTS[place] ?? 1 })));
const graph = fc.array(fc.tuple(numbers, fc.boolean()), { minLength: 1, maxLength: 12 });

t.test('whatever happens to jobs, the store stands where a naive model does', async (t) => {
  fc.assert(
    fc.property(graph, fc.array(step, { maxLength: 40 }), (jobs, steps) => {
      const twins = new Twins();
      try {
        for (const [choices, cancels] of jobs) twins.add(choices, cancels);
        twins.initialize();
        for (const take of steps) {
          take(twins);
          const difference = twins.difference();
          if (difference !== null) throw new Error(difference);
        }
      } finally {
        twins.store.close();
      }
    }),
    { numRuns: 300, seed: 20_261_121 },
  );
  t.pass('300 workflows');
});

t.test('in whatever graph and order, every job ends', async (t) => {
  const ends = fc.array(fc.tuple(number, fc.constantFrom('completed', 'failed', 'terminated')), {
    minLength: 30,
  });
  fc.assert(
    fc.property(graph, ends, (jobs, order) => {
      const twins = new Twins();
      try {
        for (const [choices, cancels] of jobs) twins.add(choices, cancels);
        twins.initialize();
        for (const [choice, end] of order) twins.report(choice, end as JobStatus);
        const open = twins.model.all.filter(({ status }) => !isComplete(status));
        return twins.difference() === null && open.length === 0;
      } finally {
        twins.store.close();
      }
    }),
    { numRuns: 200, seed: 20_261_122 },
  );
  t.pass('200 workflows');
});
