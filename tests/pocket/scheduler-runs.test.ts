import t from 'tap';
import { Refusal } from '../../lib/pocket/refusal.js';
import { cancel, hold, release, requeue, signal, updateJob } from '../../lib/pocket/scheduler/control.js';
import { pass } from '../../lib/pocket/scheduler/pass.js';
import { recover } from '../../lib/pocket/scheduler/recover.js';
import { runEnded } from '../../lib/pocket/scheduler/run-ended.js';
import { formerRuns, steps, tasks } from '../../lib/pocket/state/queries.js';
import { DEFAULT_CLUSTER, Simulation, whole } from './scheduler-simulation.js';

/** How a run that ends so is called, with its exit code and Slurm's reason. */
const ENDS = {
  ok: [{}, 'COMPLETED 0:0 None'],
  'exit 3': [{ exit: { code: 3, signal: 0 } }, 'FAILED 3:0 NonZeroExitCode'],
  'exit 137': [{ exit: { code: 137, signal: 0 } }, 'FAILED 137:0 NonZeroExitCode'],
  'signal 9': [{ exit: { code: 0, signal: 9 } }, 'FAILED 0:9 JobLaunchFailure'],
  'out of memory, exit 0': [{ outOfMemory: true }, 'OUT_OF_MEMORY 0:125 OutOfMemory'],
  'no working folder': [{ launchFailed: true }, 'FAILED 0:53 JobLaunchFailure'],
} as const;

for (const [name, [end, shown]] of Object.entries(ENDS)) {
  t.test(name, async (t) => {
    const simulated = new Simulation();
    simulated.course = () => ({ seconds: 5, end });
    const job = simulated.submit();
    simulated.run();
    const { id, state, exit, reason } = simulated.task(job);
    t.equal(`${state} ${exit.code}:${exit.signal} ${reason}`, shown);
    const [batch] = steps(simulated.state, [id], simulated.time);
    // What a signal ended, or what could not be started, is cancelled to accounting.
    const ended = state === 'FAILED' && exit.signal > 0 ? 'CANCELLED' : state;
    t.strictSame([batch?.name, batch?.state], ['batch', ended]);
  });
}

t.test('raw ids: fresh ones as tasks start, the array id for the last', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit({ indices: [3, 5, 8], throttle: 1 });
  const next = simulated.submit();
  simulated.look();
  t.strictSame(
    simulated.tasks(whole(job)).map(({ rawId }) => rawId),
    [3, null, null],
  );
  t.strictSame(simulated.states(job).slice(1), ['PENDING JobArrayTaskLimit', 'PENDING JobArrayTaskLimit']);
  simulated.run();
  t.strictSame(
    simulated.tasks(whole(job)).map(({ rawId }) => rawId),
    [3, 4, job],
  );
  t.equal(simulated.task(next).rawId, next);
  t.equal(simulated.task(4).index, 5, 'found by raw id');
});

t.test('time limit: TERM, then KILL after KillWait', async (t) => {
  const simulated = new Simulation();
  simulated.course = ({ job }) => ({ seconds: 1000, stubborn: job === 2 });
  const [obeys, stubborn] = [simulated.submit(), simulated.submit()];
  simulated.run();
  const seconds = (job: number) => (simulated.task(job).endedAt ?? 0) - (simulated.task(job).startedAt ?? 0);
  t.strictSame(simulated.states(obeys), ['TIMEOUT']);
  t.equal(seconds(obeys), 60);
  t.strictSame(simulated.states(stubborn), ['TIMEOUT']);
  t.equal(seconds(stubborn), 60 + DEFAULT_CLUSTER.settings.killWait);
});

t.test('--signal before the limit, once', async (t) => {
  const simulated = new Simulation();
  simulated.course = () => ({ seconds: 50 });
  simulated.submit({ submission: { signal: { number: 10, before: 20, batchShell: true } } });
  simulated.run(41);
  t.strictSame(simulated.signals, [{ run: { rawId: 1, restart: 0 }, signal: 10, scope: 'batch' }]);
  simulated.run();
  t.equal(simulated.signals.length, 1);
});

t.test('signals that a killed process left are handed out again', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit();
  simulated.look();
  signal(simulated.state, [whole(job)], { signal: 12, scope: 'all' }, simulated.time);
  t.equal(pass(simulated.state, simulated.time).signals.length, 1);
  t.equal(pass(simulated.state, simulated.time).signals.length, 0, 'not twice by one process');
});

t.test('cancel: by task, and what waits at once', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit({ indices: [0, 1, 2], throttle: 1 });
  simulated.run(5);
  cancel(
    simulated.state,
    [
      { job, index: 0 },
      { job, index: 2 },
    ],
    { uid: 7, now: simulated.time },
  );
  t.equal(simulated.task(job, 0).ending, 'CANCELLED');
  simulated.run();
  t.strictSame(simulated.states(job), ['CANCELLED', 'COMPLETED']);
  t.equal(simulated.task(job, 0).cancelledBy, 7);
  t.equal(cancel(simulated.state, [whole(job), whole(99)], { uid: 7, now: simulated.time }), 0);
});

t.test(
  'a task that is cancelled out of a pending rest leaves no record, the rest as a whole does',
  async (t) => {
    const simulated = new Simulation();
    const job = simulated.submit({ indices: [0, 1, 2, 3], throttle: 1 });
    const notOk = simulated.submit({ dependency: `afternotok:${job}` });
    simulated.run(5);
    cancel(simulated.state, [{ job, index: 2 }], { uid: 7, now: simulated.time });
    t.strictSame(
      simulated.tasks(whole(job)).map(({ index }) => index),
      [0, 1, 3],
    );
    simulated.run(10);
    cancel(simulated.state, [whole(job)], { uid: 7, now: simulated.time });
    simulated.run();
    t.strictSame(simulated.states(job), ['COMPLETED', 'CANCELLED', 'CANCELLED']);
    t.strictSame(simulated.states(notOk), ['COMPLETED']);
  },
);

t.test('hold and release, of a job and of one task', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit({ indices: [0, 1, 2], held: true });
  simulated.run(5);
  t.strictSame(simulated.states(job), Array(3).fill('PENDING JobHeldUser'));
  release(simulated.state, { job, index: 1 }, simulated.time);
  simulated.run(30);
  t.strictSame(simulated.states(job), ['PENDING JobHeldUser', 'COMPLETED', 'PENDING JobHeldUser']);
  release(simulated.state, whole(job), simulated.time);
  hold(simulated.state, { job, index: 0 }, simulated.time);
  simulated.run(30);
  t.strictSame(simulated.states(job), ['PENDING JobHeldUser', 'COMPLETED', 'COMPLETED']);
  t.throws(
    () => hold(simulated.state, { job, index: 1 }, simulated.time),
    new Refusal('Job has already finished'),
  );
  t.throws(() => hold(simulated.state, whole(99), simulated.time), new Refusal('Invalid job id specified'));
});

t.test('requeue: a former run, a wait, a run again under the same id', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit();
  simulated.run(5);
  requeue(simulated.state, whole(job), simulated.time);
  simulated.run(1);
  t.strictSame(simulated.states(job), ['PENDING BeginTime']);
  t.throws(
    () => requeue(simulated.state, whole(job), simulated.time),
    new Refusal('Job is pending execution'),
  );
  updateJob(simulated.state, whole(job), { beginAt: simulated.time }, simulated.time);
  simulated.run(30);
  const { id, state, restarts, rawId } = simulated.task(job);
  t.strictSame([state, restarts, rawId], ['COMPLETED', 1, job]);
  t.match(formerRuns(simulated.state, [id]), [{ state: 'REQUEUED', restart: 0 }]);
  requeue(simulated.state, whole(job), simulated.time);
  simulated.run();
  t.equal(simulated.task(job).restarts, 2, 'what has ended runs again as well');
  const never = simulated.submit({ submission: { requeue: false } });
  simulated.run();
  const refusal = new Refusal('Requested operation is presently disabled');
  t.throws(() => requeue(simulated.state, whole(never), simulated.time), refusal);
});

t.test('requeue: every run has a second of its own for its submission', async (t) => {
  const simulated = new Simulation();
  const submittedAt = simulated.time;
  const job = simulated.submit();
  simulated.look();
  requeue(simulated.state, whole(job), simulated.time);
  simulated.run(0.5);
  const { id } = simulated.task(job);
  t.equal(simulated.task(job).requeuedAt, Math.floor(submittedAt) + 1);
  updateJob(simulated.state, whole(job), { beginAt: simulated.time }, simulated.time);
  simulated.look();
  requeue(simulated.state, whole(job), simulated.time);
  simulated.run(0.4);
  t.equal(simulated.task(job).requeuedAt, Math.floor(submittedAt) + 2);
  t.match(formerRuns(simulated.state, [id]), [{ requeuedAt: null }, {}]);
});

t.test('begin time and deadline', async (t) => {
  const simulated = new Simulation();
  const begin = simulated.time + 500;
  const later = simulated.submit({ beginAt: begin });
  const held = simulated.submit({ held: true, submission: { deadline: begin } });
  const missed = simulated.submit({ beginAt: begin, submission: { deadline: begin + 5 } });
  const cut = simulated.submit({ submission: { deadline: simulated.time + 5 } });
  simulated.look();
  t.strictSame(simulated.states(later), ['PENDING BeginTime']);
  simulated.run();
  t.equal(simulated.task(later).startedAt, begin);
  t.strictSame([...simulated.states(missed), ...simulated.states(cut)], ['DEADLINE', 'DEADLINE']);
  t.strictSame(simulated.states(held), ['PENDING JobHeldUser'], 'what is held is not looked at');
});

t.test('what is told twice, or too late, changes nothing', async (t) => {
  const simulated = new Simulation();
  const job = simulated.submit();
  simulated.look();
  const [run] = recover(simulated.state);
  t.strictSame(run, simulated.launched[0], 'the same launch after a restart');
  simulated.run();
  const end = {
    run: { rawId: job, restart: 0 },
    exit: { code: 1, signal: 0 },
    outOfMemory: false,
    maxRss: null,
    launchFailed: false,
    lost: false,
    endedAt: 0,
  };
  t.equal(runEnded(simulated.state, end), false);
  t.strictSame(simulated.states(job), ['COMPLETED']);
  t.strictSame(recover(simulated.state), []);
});

t.test('faults: purge, accounting lag, ids that begin anew', async (t) => {
  const simulated = new Simulation();
  const { state } = simulated;
  const old = simulated.submit({ name: 'old' });
  simulated.run();
  state.setSetting('fault.accounting_lag', '60');
  t.strictSame(simulated.tasks(whole(old)), [], 'accounting has not heard of it');
  state.setSetting('fault.accounting_lag', '5');
  t.strictSame(simulated.states(old), ['RUNNING']);
  state.setSetting('fault.accounting_lag', '0');
  state.setSetting('fault.purge_after', '20');
  simulated.run(30);
  t.equal(tasks(state, 'controller', {}, simulated.time).length, 0);
  t.strictSame(simulated.states(old), ['COMPLETED']);
  state.setSetting('fault.next_job_id', String(old));
  t.equal(simulated.submit({ name: 'new' }), old);
  t.equal(simulated.tasks(whole(old)).length, 1);
  state.setSetting('fault.next_job_id', String(old));
  t.equal(simulated.submit(), old + 1, 'a job that lives keeps its id');
});
