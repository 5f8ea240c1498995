import t from 'tap';
import { Desk } from './desk.js';

t.jobs = 3;

const OK = { code: 0, stdout: '', stderr: '' };
const STUBBORN = `trap 'echo USR1' USR1; trap 'echo TERM' TERM; echo ready;`;

t.test('of a running, a pending and a finished job', async (t) => {
  const desk = await Desk.open(t);
  const uid = process.getuid?.();
  const running = await desk.submit('-o', 'out', '--wrap', desk.gate('never'));
  const pending = await desk.quiet('--hold', '--wrap', 'true');
  const finished = await desk.quiet('--wrap', 'true');
  await desk.untilEnded([finished]);
  await desk.untilRunning([running]);
  t.strictSame(
    await desk.run('scancel', running, pending, finished),
    OK,
    'several at once, one of them finished',
  );
  await desk.untilEnded([running, pending]);
  const rows = await desk.accounting('JobID,State,ExitCode,NodeList,ElapsedRaw', [
    running,
    pending,
    finished,
  ]);
  const of = (id: string) => rows.find((row) => row.JobID === id);
  t.match(of(running), { State: `CANCELLED by ${uid}`, ExitCode: '0:0', NodeList: /^n\d$/ });
  t.match(of(`${running}.batch`), { State: 'CANCELLED', ExitCode: '0:15' });
  t.match(of(pending), {
    State: `CANCELLED by ${uid}`,
    ExitCode: '0:0',
    NodeList: 'None assigned',
    ElapsedRaw: '0',
  });
  t.notOk(of(`${pending}.batch`), 'what never ran has no steps');
  t.match(of(finished), { State: 'COMPLETED' });
  t.match(await desk.record(running), { JobState: 'CANCELLED', ExitCode: '0:15' });
  t.match(await desk.record(pending), { JobState: 'CANCELLED', ExitCode: '0:0' });
  const line =
    /^slurmstepd\S*: error: \*\*\* JOB \d+ ON n\d CANCELLED AT \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d \*\*\*\n/;
  t.match(desk.read('out'), line, 'the job says so on its stderr');
});

t.test('of ids that nobody knows', async (t) => {
  const desk = await Desk.open(t);
  t.strictSame(await desk.run('scancel', '99999999'), OK);
  t.strictSame(await desk.run('scancel', '--quiet', '99999999'), OK);
  t.strictSame(await desk.run('scancel', '99999999_3'), OK);
  t.strictSame(await desk.run('scancel', '--name=nobody'), OK);
  t.strictSame(await desk.run('scancel', 'abc'), {
    code: 1,
    stdout: '',
    stderr: 'scancel: error: Invalid job id abc\n',
  });
  t.strictSame(await desk.run('scancel'), {
    code: 1,
    stdout: '',
    stderr: 'scancel: error: No job identification provided\n',
  });
  t.match(await desk.run('scancel', '--state=nonsense'), {
    code: 1,
    stderr: /Invalid job state specified: nonsense/,
  });
  t.strictSame(await desk.run('scancel', '-u', 'nosuchuser'), {
    code: 1,
    stdout: '',
    stderr: 'scancel: error: Invalid user name: nosuchuser\n',
  });
  t.strictSame(await desk.run('scancel', '--signal=NOPE', '1'), {
    code: 1,
    stdout: '',
    stderr: 'Unknown job signal: NOPE\n',
  });
  t.match(await desk.run('scancel', '--signal=USR1', '99999999'), {
    code: 1,
    stderr: 'scancel: error: Kill job error on job id 99999999: Invalid job id specified\n',
  });
});

t.test('of tasks of an array, running and pending', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--array=0-9%2', '--wrap', desk.gate('go'));
  await desk.until([job], '%T', (states) => states.filter((state) => state === 'RUNNING').length === 2);
  t.strictSame(await desk.run('scancel', `${job}_5`, `${job}_[7-9]`, `${job}_77`), OK);
  const rest = await desk.query('squeue', '-h', '-j', job, '-t', 'PD', '-o', '%i');
  t.equal(rest, `${job}_[2-4,6%2]`, 'they are gone from the rest');
  t.strictSame(await desk.run('scancel', `${job}_0`), OK);
  desk.openGate('go');
  await desk.untilEnded([job]);
  const rows = await desk.accounting('JobID,State', [job], '-X');
  const states = Object.fromEntries(rows.map((row) => [row.JobID?.split('_')[1], row.State?.split(' ')[0]]));
  t.match(states, {
    '0': 'CANCELLED',
    '1': 'COMPLETED',
    '2': 'COMPLETED',
    '3': 'COMPLETED',
    '4': 'COMPLETED',
    '6': 'COMPLETED',
  });
  t.notOk('5' in states, 'tasks that are cancelled before the rest of their array leave nothing behind');
});

t.test('of a whole array: what runs and what waits', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--array=0-9%1', '--wrap', desk.gate('never'));
  await desk.until([job], '%T', (states) => states.includes('RUNNING'));
  t.strictSame(await desk.run('scancel', job), OK);
  await desk.untilEnded([job]);
  const rows = await desk.accounting('JobID,State', [job], '-X');
  t.strictSame(
    rows.map((row) => row.State?.split(' ')[0]).filter((state) => state !== 'CANCELLED'),
    [],
  );
  t.strictSame(
    rows.map((row) => row.JobID).sort(),
    [`${job}_0`, `${job}_[1-9%1]`].sort(),
    'the rest is one row',
  );
});

t.test('by name, state, partition and user', async (t) => {
  const desk = await Desk.open(t);
  const name = `contract-${process.pid}`;
  const held = await desk.quiet('--hold', '-J', name, '--wrap', 'true');
  const running = await desk.quiet('-J', name, '--wrap', desk.gate('never'));
  const other = await desk.quiet('--hold', '-J', `${name}-other`, '--wrap', 'true');
  await desk.untilRunning([running]);
  t.strictSame(await desk.run('scancel', `--name=${name}`, '--state=PENDING'), OK);
  await desk.until([held], '%T', ([state]) => state === 'CANCELLED');
  t.equal((await desk.queue('%T', [running])).get(running), 'RUNNING', 'not in that state');
  t.strictSame(await desk.run('scancel', '-n', name, '--me', '-p', 'week'), OK);
  t.equal((await desk.queue('%T', [running])).get(running), 'RUNNING', 'not in that partition');
  t.strictSame(
    await desk.run('scancel', '-n', name, '-u', String(process.env.USER ?? 'root'), '-t', 'running'),
    OK,
  );
  await desk.untilEnded([running]);
  t.equal((await desk.queue('%T', [other])).get(other), 'PENDING', 'not of that name');
});

t.test('--signal: the steps get it, with --batch the script', async (t) => {
  const desk = await Desk.open(t);
  const body = `${STUBBORN} ${desk.gate('go')}; echo end`;
  const script = desk.file('stubborn.sh', `#!/bin/bash\n${body}\n`);
  const steps = await desk.submit('-o', 'steps.out', script);
  const batch = await desk.submit('-o', 'batch.out', script);
  await desk.untilRunning([steps, batch]);
  await desk.run('bash', '-c', 'until [ -s steps.out ] && [ -s batch.out ]; do sleep 0.05; done');
  t.strictSame(await desk.run('scancel', '--signal=USR1', steps), OK);
  t.strictSame(await desk.run('scancel', '--batch', '--signal=USR1', batch), OK);
  await desk.run('bash', '-c', 'for i in $(seq 100); do grep -q USR1 batch.out && break; sleep 0.05; done');
  desk.openGate('go');
  await desk.untilEnded([steps, batch]);
  t.equal(desk.read('steps.out'), 'ready\nend\n', 'a script without steps gets nothing');
  t.equal(desk.read('batch.out'), 'ready\nUSR1\nend\n');
  const rows = await desk.accounting('State', [steps, batch], '-X');
  t.strictSame(
    rows.map((row) => row.State),
    ['COMPLETED', 'COMPLETED'],
    'a signal is no cancellation',
  );
});
