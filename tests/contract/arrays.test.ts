import { readFileSync } from 'node:fs';
import t from 'tap';
import { waitFor } from '../wait-for.js';
import { Desk } from './desk.js';

t.jobs = 3;

/** `--array`, the rest as squeue and sacct name it while nothing has started, and the indices. */
const SPECS: Readonly<Record<string, readonly [string, readonly number[]]>> = {
  '0-3': ['0-3', [0, 1, 2, 3]],
  '5': ['5', [5]],
  '1,3,7': ['1,3,7', [1, 3, 7]],
  '3-9:2': ['3,5,7,9', [3, 5, 7, 9]],
  '1-10:2,1-10:3,4': ['1,3-5,7,9-10', [1, 3, 4, 5, 7, 9, 10]],
  '3-10%2': ['3-10%2', [3, 4, 5, 6, 7, 8, 9, 10]],
  '9,1,1-2': ['1-2,9', [1, 2, 9]],
  '007': ['7', [7]],
};

t.test('array specifications', async (t) => {
  const desk = await Desk.open(t);
  for (const [spec, [rest, indices]] of Object.entries(SPECS)) {
    const job = await desk.submit('--hold', `--array=${spec}`, '--wrap', 'true');
    t.equal(
      await desk.query('squeue', '-h', '-j', job, '-o', '%i|%K|%F|%A'),
      `${job}_[${rest}]|${rest}|${job}|${job}`,
      spec,
    );
    const each = await desk.query('squeue', '-h', '-r', '-j', job, '-o', '%i|%K|%F|%T');
    t.strictSame(
      each.split('\n').sort(),
      indices.map((index) => `${job}_${index}|${index}|${job}|PENDING`).sort(),
      `${spec}: one by one`,
    );
    const record = await desk.record(job);
    t.match(record, { JobId: job, ArrayJobId: job, ArrayTaskId: rest }, `${spec}: scontrol`);
    t.equal(record.ArrayTaskThrottle, /%(\d+)/.exec(spec)?.[1], `${spec}: throttle`);
  }
});

t.test('sacct has one row for what has not started', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit('--hold', '--array=3-10%2', '--wrap', 'true');
  let text = '';
  const look = async () => {
    text = await desk.query(
      'sacct',
      '-n',
      '-P',
      '-j',
      job,
      '--format=JobID,JobIDRaw,State,NodeList,Start,End',
    );
    return text === '' ? undefined : true;
  };
  await waitFor('row of the pending array', 15, look);
  t.equal(text, `${job}_[3-10%2]|${job}|PENDING|None assigned|Unknown|Unknown`);
});

t.test('long lists are whole with SLURM_BITSTR_LEN=0', async (t) => {
  const desk = await Desk.open(t);
  const spec = Array.from({ length: 60 }, (_, at) => (at + 2) ** 2).join(',');
  const job = await desk.submit('--hold', `--array=${spec}`, '--wrap', 'true');
  t.equal(await desk.query('squeue', '-h', '-j', job, '-o', '%i'), `${job}_[${spec}]`);
  const cut = await desk.run('squeue', '-h', '-j', job, '-o', '%i');
  t.ok(cut.stdout.length < 80, 'and cut without');
  t.ok(`${job}_[${spec}]`.startsWith(cut.stdout.trim().replace(/\.*\]?$/, '')), 'it begins as the whole');
});

t.test('tasks get numbers of their own, one keeps that of the array', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--array=2-5', '--wrap', desk.gate('go'));
  const tasks = [2, 3, 4, 5].map((index) => `${job}_${index}`);
  await desk.untilRunning([job]);
  const queue = await desk.queue('%A|%F|%K', [job]);
  t.strictSame([...queue.keys()].sort(), tasks);
  const numbers = [...queue.values()].map((text) => text.split('|')[0] ?? '');
  t.equal(new Set(numbers).size, 4);
  t.ok(numbers.includes(job), 'one of them is the number of the array');
  t.equal(queue.get(`${job}_5`)?.split('|')[0], job, 'the last to start has it');
  const records = await desk.records(job);
  t.strictSame(
    records.map(({ JobId, ArrayJobId, ArrayTaskId }) => `${ArrayJobId}_${ArrayTaskId} ${JobId}`).sort(),
    [...queue].map(([task, text]) => `${task} ${text.split('|')[0]}`).sort(),
    'scontrol agrees',
  );
  desk.openGate('go');
  await desk.untilEnded([job]);
  const rows = await desk.accounting('JobID,JobIDRaw', [job], '-X');
  t.strictSame(
    rows.map((row) => `${row.JobID} ${row.JobIDRaw}`).sort(),
    [...queue].map(([task, text]) => `${task} ${text.split('|')[0]}`).sort(),
    'accounting agrees',
  );
});

t.test('a throttle is kept', async (t) => {
  const desk = await Desk.open(t);
  const body = `echo +1 >> log; sleep 0.3; echo -1 >> log`;
  const job = await desk.quiet('--array=0-11%3', '--wrap', body);
  await desk.untilEnded([job]);
  const steps = readFileSync(`${desk.folder}/log`, 'utf8').trim().split('\n').map(Number);
  t.equal(steps.length, 24, 'every task ran once');
  const atOnce = steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0));
  t.ok(Math.max(...atOnce) <= 3, `at most three at once, seen ${Math.max(...atOnce)}`);
});

t.test('a throttled array: what runs, what waits, and a throttle that is lifted', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--array=0-5%2', '--wrap', desk.gate('go'));
  await desk.until([job], '%T', (states) => states.filter((state) => state === 'RUNNING').length === 2);
  const rows = (await desk.query('squeue', '-h', '-j', job, '-o', '%i|%T|%r|%R')).split('\n').sort();
  t.match(rows, [
    new RegExp(`^${job}_0\\|RUNNING\\|None\\|n\\d$`),
    new RegExp(`^${job}_1\\|RUNNING\\|None\\|n\\d$`),
    `${job}_[2-5%2]|PENDING|JobArrayTaskLimit|(JobArrayTaskLimit)`,
  ]);
  const rest = (await desk.records(job)).find((record) => record.JobState === 'PENDING');
  t.match(rest, { JobId: job, ArrayTaskId: '2-5%2', ArrayTaskThrottle: '2', Reason: 'JobArrayTaskLimit' });
  t.equal((await desk.run('scontrol', 'update', `JobId=${job}`, 'ArrayTaskThrottle=0')).code, 0);
  await desk.untilRunning([job]);
  desk.openGate('go');
  await desk.untilEnded([job]);
  const ended = await desk.accounting('JobID,State', [job], '-X');
  t.strictSame(
    ended.map((row) => `${row.JobID} ${row.State}`).sort(),
    [0, 1, 2, 3, 4, 5].map((index) => `${job}_${index} COMPLETED`),
  );
});

t.test('an array ends when its last task does: 200 tasks, each once', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet(
    '-p',
    'devel,day',
    '--mem=10M',
    '--array=1-200',
    '--wrap',
    'echo $SLURM_ARRAY_TASK_ID >> ran',
  );
  await desk.untilEnded([job]);
  const ran = desk.read('ran').trim().split('\n').map(Number);
  t.strictSame(
    ran.sort((a, b) => a - b),
    Array.from({ length: 200 }, (_, at) => at + 1),
  );
  const states = (await desk.accounting('State', [job], '-X')).map((row) => row.State);
  t.strictSame([states.length, new Set(states)], [200, new Set(['COMPLETED'])]);
});
