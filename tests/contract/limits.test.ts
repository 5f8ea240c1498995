import t from 'tap';
import { Desk } from './desk.js';

t.jobs = 8;

/** The line that a job which is ended for its time limit leaves on its stderr. */
const TIME_LINE =
  /^slurmstepd\S*: error: \*\*\* JOB \d+ ON \S+ CANCELLED AT \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d DUE TO TIME LIMIT \*\*\*$/m;

/** Longest that a limit of a minute and the wait for SIGKILL may take, in the cluster's seconds. */
const LIMIT = 150;

t.test('a job over its time limit: SIGTERM', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit('-o', 'out', '--time=1', '-p', 'devel', '--wrap', 'sleep 600');
  await desk.untilEnded([job], LIMIT);
  const rows = await desk.accounting('JobID,State,ExitCode,ElapsedRaw,TimelimitRaw', [job]);
  t.match(rows, [
    { JobID: job, State: 'TIMEOUT', ExitCode: '0:0', TimelimitRaw: '1' },
    { JobID: `${job}.batch`, State: 'CANCELLED', ExitCode: '0:15' },
  ]);
  t.ok(Number(rows[0]?.ElapsedRaw) >= 60, `at least a minute: ${rows[0]?.ElapsedRaw} s`);
  t.match(desk.read('out'), TIME_LINE);
  t.match(await desk.record(job), { JobState: 'TIMEOUT', Reason: 'TimeLimit', ExitCode: '0:15' });
});

t.test('a job that stays after SIGTERM is killed; EndTime=now is a limit that has passed', async (t) => {
  const desk = await Desk.open(t);
  const body = `trap 'echo TERM' TERM; echo ready; ${desk.gate('never')}`;
  const job = await desk.submit('-o', 'out', '-p', 'devel', '--wrap', body);
  await desk.run('bash', '-c', 'until grep -q ready out; do sleep 0.1; done');
  t.strictSame(await endNow(desk, job), { code: 0, stdout: '', stderr: '' });
  await desk.untilEnded([job], LIMIT);
  const rows = await desk.accounting('JobID,State,ExitCode', [job]);
  t.match(rows, [
    { JobID: job, State: 'TIMEOUT', ExitCode: '0:0' },
    { JobID: `${job}.batch`, State: 'CANCELLED', ExitCode: '0:9' },
  ]);
  t.match(desk.read('out'), /^ready\n/);
  t.match(desk.read('out'), /^TERM$/m);
  t.match(await desk.record(job), { JobState: 'TIMEOUT', ExitCode: '0:9' });
});

t.test('a script that ends by itself after SIGTERM has timed out all the same', async (t) => {
  const desk = await Desk.open(t);
  const body = `trap 'echo bye; exit 0' TERM; echo ready; ${desk.gate('never')}`;
  const job = await desk.submit('-o', 'out', '-p', 'devel', '--wrap', body);
  await desk.run('bash', '-c', 'until grep -q ready out; do sleep 0.1; done');
  await endNow(desk, job);
  await desk.untilEnded([job], LIMIT);
  const rows = await desk.accounting('JobID,State,ExitCode', [job], '-X');
  t.match(rows, [{ State: 'TIMEOUT', ExitCode: '0:0' }]);
  t.match(desk.read('out'), /^bye$/m);
});

t.test('--signal=B:USR1@50 reaches the script before the limit does', async (t) => {
  const desk = await Desk.open(t);
  const body = `trap 'echo USR1; exit 5' USR1; ${desk.gate('never')}`;
  const job = await desk.submit('-o', 'out', '-p', 'devel', '--signal=B:USR1@50', '--wrap', body);
  await desk.untilEnded([job], LIMIT);
  t.match(desk.read('out'), /^USR1$/m);
  const [row] = await desk.accounting('State,ExitCode,ElapsedRaw', [job], '-X');
  t.match(row, { State: 'FAILED', ExitCode: '5:0' });
  t.ok(Number(row?.ElapsedRaw) < 60, `before the limit: ${row?.ElapsedRaw} s`);
});

t.test('dependants of a job that timed out', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('-p', 'devel', '--wrap', 'sleep 600');
  const notOk = await desk.quiet('-d', `afternotok:${job}`, '--wrap', 'true');
  const any = await desk.quiet('-d', `afterany:${job}`, '--wrap', 'true');
  const ok = await desk.quiet('-d', `afterok:${job}`, '--kill-on-invalid-dep=yes', '--wrap', 'true');
  await desk.untilRunning([job]);
  await endNow(desk, job);
  await desk.untilEnded([job, notOk, any, ok], LIMIT);
  const states = await desk.queue('%T', [job, notOk, any, ok]);
  t.strictSame(
    [job, notOk, any, ok].map((id) => states.get(id)),
    ['TIMEOUT', 'COMPLETED', 'COMPLETED', 'CANCELLED'],
  );
});

t.test('a limit that is changed', async (t) => {
  const desk = await Desk.open(t);
  const held = await desk.quiet('--hold', '--time=1', '--wrap', 'true');
  t.equal((await desk.run('scontrol', 'update', `JobId=${held}`, 'TimeLimit=90')).code, 0);
  t.equal((await desk.queue('%l', [held])).get(held), '1:30:00');
  t.equal((await desk.run('scontrol', 'update', `JobId=${held}`, 'TimeLimit=2:00:00')).code, 0);
  t.equal((await desk.queue('%l %L', [held])).get(held), '2:00:00 2:00:00');
});

t.test('--begin: a job waits for its time', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--begin=now+24', '--wrap', 'true');
  await desk.until([job], '%T %r', ([row]) => row === 'PENDING BeginTime');
  await desk.untilEnded([job]);
  const [row] = await desk.accounting('Submit,Eligible,Start', [job], '-X');
  const [submitted = 0, eligible = 0, started = 0] = [row?.Submit, row?.Eligible, row?.Start].map(Number);
  t.ok(eligible - submitted > 20 && eligible - submitted <= 24, `its time is then: ${eligible - submitted}`);
  t.ok(started >= eligible, 'it did not start before');
});

t.test('--signal without B: leaves the script alone', async (t) => {
  const desk = await Desk.open(t);
  const body = `trap 'echo USR1' USR1; ${desk.gate('never')}`;
  const job = await desk.submit('-o', 'out', '-p', 'devel', '--signal=USR1@50', '--wrap', body);
  await desk.untilEnded([job], LIMIT);
  t.notMatch(desk.read('out'), /USR1/);
  t.equal((await desk.accounting('State', [job], '-X'))[0]?.State, 'TIMEOUT');
});

t.test('--deadline: a job that could not end in time never starts', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--time=1', '--deadline=now+30', '--wrap', 'true');
  const array = await desk.quiet('--array=1-3', '--time=1', '--deadline=now+30', '--wrap', 'true');
  await desk.untilEnded([job, array]);
  t.match(await desk.record(job), { JobState: 'DEADLINE', Reason: 'DeadLine', ExitCode: '0:1' });
  const rows = await desk.accounting('JobID,State,ExitCode,NodeList', [job, array]);
  t.strictSame(rows.map((row) => Object.values(row).join(' ')).sort(), [
    ...[job, `${array}_[1-3]`].map((id) => `${id} DEADLINE 1:0 None assigned`),
  ]);
});

t.test('--deadline: what waits for something else is looked at when it may start', async (t) => {
  const desk = await Desk.open(t);
  const held = await desk.quiet('--hold', '--time=1', '--deadline=now+2', '--wrap', 'true');
  const before = await desk.quiet('--wrap', desk.gate('go'));
  const behind = await desk.quiet(
    '-d',
    `afterok:${before}`,
    '--time=1',
    '--deadline=now+2',
    '--wrap',
    'true',
  );
  const dependent = async (kind: string) => await desk.quiet('-d', `${kind}:${behind}`, '--wrap', 'true');
  const [notOk, any, ok] = [
    await dependent('afternotok'),
    await dependent('afterany'),
    await dependent('afterok'),
  ];
  await desk.run('bash', '-c', desk.sleep(5));
  const waiting = await desk.queue('%T %r', [held, behind]);
  t.strictSame([waiting.get(held), waiting.get(behind)], ['PENDING JobHeldUser', 'PENDING Dependency']);
  await desk.run('scontrol', 'release', held);
  desk.openGate('go');
  await desk.untilEnded([held, behind, notOk, any]);
  const states = await desk.until([held, behind, notOk, any, ok], '%T %r', (_, rows) =>
    /Never/.test(rows.get(ok) ?? ''),
  );
  t.strictSame(
    [held, behind, notOk, any, ok].map((id) => states.get(id)),
    [
      ...Array(2).fill('DEADLINE DeadLine'),
      ...Array(2).fill('COMPLETED None'),
      'PENDING DependencyNeverSatisfied',
    ],
  );
});

t.test('--deadline: a job that starts in time runs to its end', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--time=1', '--deadline=now+80', '--wrap', desk.gate('go'));
  await desk.untilRunning([job]);
  // More than the partition has: whoever runs the cluster may.
  await desk.run('scontrol', 'update', `JobId=${job}`, 'TimeLimit=8');
  await desk.run('bash', '-c', desk.sleep(85));
  await desk.untilRunning([job], 1);
  desk.openGate('go');
  await desk.untilEnded([job]);
  t.match(await desk.record(job), { JobState: 'COMPLETED' });
});

/** Lets a job's time end. `now` is a second that may be over when slurmctld looks at it; that is refused. */
async function endNow(desk: Desk, job: string) {
  const update = () => desk.run('scontrol', 'update', `JobId=${job}`, 'EndTime=now');
  const first = await update();
  return first.stderr.includes('Invalid time specified') ? await update() : first;
}
