import t from 'tap';
import { Refusal } from '../../lib/pocket/refusal.js';
import { cancel, updateJob } from '../../lib/pocket/scheduler/control.js';
import { dependencyText } from '../../lib/pocket/scheduler/dependencies.js';
import { formatDependencySpec, parseDependencySpec } from '../../lib/pocket/scheduler/dependency-spec.js';
import { jobRow } from '../../lib/pocket/state/queries.js';
import { Simulation } from './scheduler-simulation.js';

const ok = { seconds: 10 };
const failed = { seconds: 10, end: { exit: { code: 3, signal: 0 } } };

/** Job 1 is an array of 0-2 whose task 1 fails; task 2 takes longest. Job 2 succeeds, job 3 fails, job 4 is held. */
function simulation(): Simulation {
  const simulated = new Simulation();
  simulated.course = ({ job, arrayIndex }) => {
    if (job === 1) return arrayIndex === 1 ? failed : { seconds: 10 + 10 * (arrayIndex ?? 0) };
    return job === 3 ? failed : ok;
  };
  simulated.submit({ indices: [0, 1, 2] });
  simulated.submit();
  simulated.submit();
  simulated.submit({ held: true });
  return simulated;
}

/** What becomes of a job with this dependency once 1, 2 and 3 have ended, and what is shown of it then. */
const OUTCOMES: Record<string, [string, string]> = {
  'afterok:2': ['COMPLETED', ''],
  'afterok:3': ['PENDING DependencyNeverSatisfied', 'afterok:3(failed)'],
  'afterok:1': ['PENDING DependencyNeverSatisfied', 'afterok:1_*(failed)'],
  'afterok:1_0': ['COMPLETED', ''],
  'afterok:1_1': ['PENDING DependencyNeverSatisfied', 'afterok:1_1(failed)'],
  'afterok:1_[0-1]': ['PENDING DependencyNeverSatisfied', 'afterok:1_1(failed)'],
  'afterok:1_7': ['COMPLETED', ''],
  'afterok:999': ['COMPLETED', ''],
  'afternotok:999': ['COMPLETED', ''],
  'AFTEROK:2': ['COMPLETED', ''],
  'afternotok:2': ['PENDING DependencyNeverSatisfied', 'afternotok:2(failed)'],
  'afternotok:3': ['COMPLETED', ''],
  'afternotok:1': ['COMPLETED', ''],
  'afternotok:1_0': ['PENDING DependencyNeverSatisfied', 'afternotok:1_0(failed)'],
  'afterany:1:3': ['COMPLETED', ''],
  'after:1': ['COMPLETED', ''],
  'after:1+5': ['COMPLETED', ''],
  'after:4': ['PENDING Dependency', 'after:4(unfulfilled)'],
  'afterany:4': ['PENDING Dependency', 'afterany:4(unfulfilled)'],
  'afterok:3,afterany:4': ['PENDING DependencyNeverSatisfied', 'afterok:3(failed),afterany:4(unfulfilled)'],
  'afterok:2,afterany:4': ['PENDING Dependency', 'afterany:4(unfulfilled)'],
  'afterok:3?afterok:2': ['COMPLETED', ''],
  'afterok:3?afterany:4': ['PENDING Dependency', 'afterok:3(failed)?afterany:4(unfulfilled)'],
  'afterok:3?afternotok:2': ['PENDING DependencyNeverSatisfied', 'afterok:3(failed)?afternotok:2(failed)'],
};

for (const [dependency, [state, shown]] of Object.entries(OUTCOMES)) {
  t.test(dependency, async (t) => {
    const simulated = simulation();
    const job = simulated.submit({ dependency });
    simulated.run();
    t.strictSame(simulated.states(job), [state]);
    const row = jobRow(simulated.state, job);
    t.equal(row === null ? null : dependencyText(simulated.state, row, null, simulated.time), shown);
  });
}

t.test('a whole array is waited for until its last task has ended', async (t) => {
  const simulated = simulation();
  const job = simulated.submit({ dependency: 'afternotok:1' });
  simulated.run(25);
  t.strictSame(simulated.states(job), ['PENDING Dependency'], 'task 1 has failed, task 2 runs');
  simulated.run();
  t.equal(simulated.task(job).startedAt, simulated.task(1, 2).endedAt);
});

t.test('after:job+minutes', async (t) => {
  const simulated = simulation();
  const job = simulated.submit({ dependency: 'after:2+5' });
  simulated.run();
  t.equal(simulated.task(job).startedAt, (simulated.task(2).startedAt ?? 0) + 300);
});

t.test('aftercorr is judged task by task', async (t) => {
  const simulated = simulation();
  const job = simulated.submit({ indices: [0, 1, 2, 3], dependency: 'aftercorr:1' });
  simulated.run(15);
  t.strictSame(simulated.states(job), [
    'RUNNING',
    'PENDING DependencyNeverSatisfied',
    'PENDING Dependency',
    'PENDING Dependency',
  ]);
  simulated.run();
  const never = 'PENDING DependencyNeverSatisfied';
  t.strictSame(simulated.states(job), ['COMPLETED', never, 'COMPLETED', never], 'task 3 has no partner');
});

t.test('singleton waits for earlier jobs of the same name and user', async (t) => {
  const simulated = new Simulation();
  const first = simulated.submit({ name: 'one' });
  const second = simulated.submit({ name: 'one', dependency: 'singleton' });
  const other = simulated.submit({ name: 'two', dependency: 'singleton' });
  simulated.run();
  t.equal(simulated.task(second).startedAt, simulated.task(first).endedAt);
  t.equal(simulated.task(other).startedAt, simulated.task(first).startedAt);
});

t.test('--kill-on-invalid-dep cancels what can never run', async (t) => {
  const simulated = simulation();
  const submission = { killOnInvalidDependency: true };
  const array = simulated.submit({ indices: [0, 1], dependency: 'afterok:3', submission });
  const corresponding = simulated.submit({ indices: [0, 1], dependency: 'aftercorr:1', submission });
  simulated.run();
  t.strictSame(simulated.states(array), ['CANCELLED', 'CANCELLED']);
  t.strictSame(simulated.states(corresponding), ['COMPLETED', 'CANCELLED']);
  const { reason, cancelledBy } = simulated.task(array, 0);
  t.strictSame([reason, cancelledBy], ['DependencyNeverSatisfied', null]);
});

t.test('cancelling fulfils afternotok, of what waits as of what runs', async (t) => {
  const simulated = simulation();
  const jobs = ['afternotok:2', 'afternotok:4'].map((dependency) => simulated.submit({ dependency }));
  simulated.run(5);
  cancel(
    simulated.state,
    [
      { job: 2, index: null },
      { job: 4, index: null },
    ],
    { uid: 0, now: simulated.time },
  );
  simulated.run();
  t.strictSame(
    jobs.flatMap((job) => simulated.states(job)),
    ['COMPLETED', 'COMPLETED'],
  );
});

t.test('after what was cancelled before it began: a single job, an array', async (t) => {
  const simulated = simulation();
  const array = simulated.submit({ indices: [0, 1], held: true });
  const afterSingle = simulated.submit({ dependency: 'after:4' });
  const afterArray = simulated.submit({ dependency: `after:${array}` });
  cancel(
    simulated.state,
    [
      { job: 4, index: null },
      { job: array, index: null },
    ],
    { uid: 0, now: simulated.time },
  );
  simulated.run();
  t.strictSame(simulated.states(afterSingle), ['COMPLETED']);
  t.strictSame(simulated.states(afterArray), ['PENDING Dependency']);
});

t.test('a job that the controller has forgotten is no obstacle, one that it forgets later is', async (t) => {
  const simulated = simulation();
  const early = simulated.submit({ dependency: 'afterok:3,afterany:4' });
  simulated.run(1000);
  const late = simulated.submit({ dependency: 'afterok:3' });
  const both = simulated.submit({ dependency: 'afternotok:2,afterany:4' });
  simulated.run(100);
  t.strictSame(simulated.states(early), ['PENDING DependencyNeverSatisfied']);
  t.strictSame(simulated.states(late), ['COMPLETED']);
  t.equal(jobRow(simulated.state, both)?.dependency, 'afterany:4');
});

t.test('scontrol update Dependency=', async (t) => {
  const simulated = simulation();
  const job = simulated.submit({ dependency: 'afterany:4' });
  simulated.run(5);
  const change = (dependency: string) =>
    updateJob(simulated.state, { job, index: null }, { dependency }, simulated.time);
  t.throws(() => change('afterok:x'), new Refusal('Job dependency problem'));
  change('afterany:2');
  simulated.run();
  t.equal(simulated.task(job).startedAt, simulated.task(2).endedAt);
});

for (const text of [
  'afterok',
  'afterok:',
  'afterok:x',
  'nonsense:1',
  'afterok:0',
  ',afterok:1',
  'afterok:1,',
  'afterok:1:',
]) {
  t.throws(() => parseDependencySpec(text), new Refusal('Job dependency problem'), text);
}

for (const text of ['afterok:1,afterany:2_3', 'after:1+5?singleton', 'aftercorr:4']) {
  const spec = parseDependencySpec(text);
  t.equal(spec === null ? null : formatDependencySpec(spec), text);
}
