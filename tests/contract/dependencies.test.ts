import t, { type Test } from 'tap';
import { Desk } from './desk.js';

t.jobs = 4;

const NEVER = 'DependencyNeverSatisfied';

/** What becomes of a job that depends on job J, and what its queue row says of the dependency meanwhile. */
interface Fate {
  /** `J` stands for the job depended on. */
  depends: string;
  /** `%E` while J runs; null for a job that starts at once. */
  waits: string | null;
  /** It ran, or `%E` of the job that never will. */
  ends: 'ran' | { never: string };
}

/** On an array 0-2 of which task 1 fails. */
const ON_ARRAY: readonly Fate[] = [
  { depends: 'afterok:J', waits: 'afterok:J_*(unfulfilled)', ends: { never: 'afterok:J_*(failed)' } },
  { depends: 'afternotok:J', waits: 'afternotok:J_*(unfulfilled)', ends: 'ran' },
  { depends: 'afterany:J', waits: 'afterany:J_*(unfulfilled)', ends: 'ran' },
  { depends: 'after:J', waits: null, ends: 'ran' },
  { depends: 'aftercorr:J', waits: 'aftercorr:J_*(unfulfilled)', ends: { never: 'aftercorr:J_*(failed)' } },
  { depends: 'afterok:J_0', waits: 'afterok:J_0(unfulfilled)', ends: 'ran' },
  { depends: 'afterok:J_1', waits: 'afterok:J_1(unfulfilled)', ends: { never: 'afterok:J_1(failed)' } },
  { depends: 'afternotok:J_1', waits: 'afternotok:J_1(unfulfilled)', ends: 'ran' },
  {
    depends: 'afternotok:J_0',
    waits: 'afternotok:J_0(unfulfilled)',
    ends: { never: 'afternotok:J_0(failed)' },
  },
  { depends: 'afterany:J_2', waits: 'afterany:J_2(unfulfilled)', ends: 'ran' },
  { depends: 'after:J_2', waits: null, ends: 'ran' },
  {
    depends: 'afterok:J_0:J_2',
    waits: 'afterok:J_0(unfulfilled),afterok:J_2(unfulfilled)',
    ends: 'ran',
  },
  {
    depends: 'afterok:J_0,afternotok:J_1',
    waits: 'afterok:J_0(unfulfilled),afternotok:J_1(unfulfilled)',
    ends: 'ran',
  },
  {
    depends: 'afterok:J?afternotok:J',
    waits: 'afterok:J_*(unfulfilled)?afternotok:J_*(unfulfilled)',
    ends: 'ran',
  },
];

/** On a single job that ends with exit code 0. */
const ON_SUCCESS: readonly Fate[] = [
  { depends: 'afterok:J', waits: 'afterok:J(unfulfilled)', ends: 'ran' },
  { depends: 'afternotok:J', waits: 'afternotok:J(unfulfilled)', ends: { never: 'afternotok:J(failed)' } },
  { depends: 'afterany:J', waits: 'afterany:J(unfulfilled)', ends: 'ran' },
  { depends: 'after:J', waits: null, ends: 'ran' },
];

/** Submits the dependants while J is held at a gate, lets J go, and looks at what became of them. */
async function follow(t: Test, desk: Desk, job: string, fates: readonly Fate[], gate: string): Promise<void> {
  const named = (text: string) => text.replaceAll('J', job);
  const jobs = await Promise.all(
    fates.map(async ({ depends }) => await desk.quiet('-d', named(depends), '--wrap', 'true')),
  );
  const waiting = await desk.queue('%r %E', jobs);
  fates.forEach(({ depends, waits }, at) => {
    const row = waiting.get(jobs[at] ?? '');
    if (waits !== null) t.equal(row, `Dependency ${named(waits)}`, `${depends} waits`);
  });
  await desk.untilEnded(jobs.filter((_, at) => fates[at]?.waits === null));
  desk.openGate(gate);
  await desk.untilEnded([job]);
  const settled = (values: readonly string[]) =>
    values.every((value) => /^COMPLETED|NeverSatisfied/.test(value));
  const after = await desk.until(jobs, '%T %r %E', settled);
  fates.forEach(({ depends, ends }, at) => {
    const row = after.get(jobs[at] ?? '');
    const expected = ends === 'ran' ? 'COMPLETED None (null)' : `PENDING ${NEVER} ${named(ends.never)}`;
    t.equal(row, expected, `${depends} in the end`);
  });
}

t.test('on an array of which one task fails', async (t) => {
  const desk = await Desk.open(t);
  const body = `${desk.gate('go')}; exit $((SLURM_ARRAY_TASK_ID == 1))`;
  const job = await desk.quiet('--array=0-2', '--wrap', body);
  await desk.untilRunning([job]);
  await follow(t, desk, job, ON_ARRAY, 'go');
});

t.test('on a job that succeeds', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--wrap', desk.gate('go'));
  await desk.untilRunning([job]);
  await follow(t, desk, job, ON_SUCCESS, 'go');
});

/** How a job can end badly; each makes `afternotok` and `afterany` start and `afterok` impossible. */
const BAD_ENDS: Readonly<Record<string, { args: readonly string[]; cancel?: true; state: string }>> = {
  'a failure': { args: ['--wrap', 'exit 3'], state: 'FAILED' },
  'a signal': { args: ['--wrap', 'kill -9 $$'], state: 'FAILED' },
  'a cancellation before it ran': { args: ['--hold', '--wrap', 'true'], cancel: true, state: 'CANCELLED' },
  'a cancellation while it ran': { args: ['--wrap', 'sleep 600'], cancel: true, state: 'CANCELLED' },
  'too little memory': {
    args: ['--mem=60M', '--wrap', 'python3 -c "bytearray(300 * 1024 * 1024)"'],
    state: 'OUT_OF_MEMORY',
  },
  'a folder that is missing': { args: ['-o', '/nowhere/out', '--wrap', 'true'], state: 'FAILED' },
};

for (const [what, { args, cancel, state }] of Object.entries(BAD_ENDS)) {
  t.test(`after ${what}`, async (t) => {
    const desk = await Desk.open(t);
    const job = await desk.submit('--begin=now+4', '-o', '/dev/null', ...args);
    const dependent = async (kind: string, ...options: string[]) =>
      await desk.quiet('-d', `${kind}:${job}`, ...options, '--wrap', 'true');
    const ok = await dependent('afterok');
    const notOk = await dependent('afternotok');
    const any = await dependent('afterany');
    const killed = await dependent('afterok', '--kill-on-invalid-dep=yes');
    const spared = await dependent('afternotok', '--kill-on-invalid-dep=yes');
    if (cancel === true) {
      if (!args.includes('--hold')) await desk.untilRunning([job]);
      await desk.run('scancel', job);
    }
    await desk.untilEnded([job, notOk, any, killed, spared]);
    const rows = await desk.until(
      [job, ok, notOk, any, killed, spared],
      '%T %r',
      (_, found) => found.get(ok) === `PENDING ${NEVER}`,
    );
    t.match(rows.get(job), new RegExp(`^${state} `));
    t.strictSame(
      [notOk, any, spared].map((id) => rows.get(id)),
      Array(3).fill('COMPLETED None'),
    );
    t.equal(rows.get(killed), `CANCELLED ${NEVER}`);
  });
}

t.test('a job that can never start, and one that is cancelled for it', async (t) => {
  const desk = await Desk.open(t);
  const failed = await desk.quiet('--wrap', 'exit 1');
  await desk.untilEnded([failed]);
  const never = await desk.quiet('-d', `afterok:${failed}`, '--wrap', 'true');
  const killed = await desk.quiet('-d', `afterok:${failed}`, '--kill-on-invalid-dep=yes', '--wrap', 'true');
  const tasks = await desk.quiet(
    '-d',
    `afterok:${failed}`,
    '--kill-on-invalid-dep=yes',
    '--array=0-2',
    '--wrap',
    'true',
  );
  await desk.untilEnded([killed, tasks]);
  await desk.until([never], '%T %r', ([row]) => row === `PENDING ${NEVER}`);
  t.match(await desk.record(never), {
    JobState: 'PENDING',
    Reason: NEVER,
    Dependency: `afterok:${failed}(failed)`,
  });
  t.match(await desk.record(killed), {
    JobState: 'CANCELLED',
    Reason: NEVER,
    Dependency: `afterok:${failed}(failed)`,
    ExitCode: '0:0',
  });
  const [row] = await desk.accounting('State,ExitCode,NodeList,ElapsedRaw,Start,End', [killed]);
  t.match(row, { State: 'CANCELLED', ExitCode: '0:0', NodeList: 'None assigned', ElapsedRaw: '0' });
  t.equal(row?.Start === 'None' ? row.End : row?.Start, row?.End, 'no time passed');
  const array = await desk.accounting('JobID,State', [tasks]);
  t.strictSame(array, [{ JobID: `${tasks}_[0-2]`, State: 'CANCELLED' }], 'one row for all tasks');
});

t.test('on a job that has ended, or that nobody knows: decided at once', async (t) => {
  const desk = await Desk.open(t);
  const ok = await desk.quiet('--wrap', 'true');
  const failed = await desk.quiet('--wrap', 'exit 1');
  await desk.untilEnded([ok, failed]);
  const fate = async (...dependencies: string[]) =>
    await Promise.all(dependencies.map(async (depends) => await desk.quiet('-d', depends, '--wrap', 'true')));
  const start = await fate(
    `afterok:${ok}`,
    `afterany:${ok}`,
    `after:${ok}`,
    `afternotok:${failed}`,
    `afterany:${failed}`,
  );
  const forgotten = await fate(
    'afterok:60000000',
    'afternotok:60000000',
    'afterany:60000000',
    'after:60000000',
  );
  const never = await fate(`afternotok:${ok}`, `afterok:${failed}`);
  await desk.untilEnded([...start, ...forgotten]);
  const states = await desk.queue('%T', [...start, ...forgotten]);
  t.strictSame(new Set(states.values()), new Set(['COMPLETED']), 'all of them ran');
  await desk.until(never, '%T %r', (rows) => rows.every((row) => row === `PENDING ${NEVER}`));
});

t.test('aftercorr: index by index', async (t) => {
  const desk = await Desk.open(t);
  const body = `[ $SLURM_ARRAY_TASK_ID = 2 ] && { ${desk.gate('go')}; }; exit $((SLURM_ARRAY_TASK_ID == 1))`;
  const job = await desk.quiet('--array=0-2', '--wrap', body);
  const after = await desk.quiet('-d', `aftercorr:${job}`, '--array=0-3', '--wrap', 'true');
  await desk.until([`${after}_0`], '%T', ([state]) => state === 'COMPLETED');
  t.equal((await desk.queue('%T', [`${after}_2`])).get(`${after}_2`), 'PENDING', 'index 2 still waits');
  desk.openGate('go');
  const rows = await desk.until(
    [after],
    '%T %r',
    (_, found) =>
      [...found.values()].filter((row) => row.startsWith('COMPLETED') || row.endsWith(NEVER)).length === 4,
  );
  t.strictSame(Object.fromEntries([...rows].map(([id, row]) => [id.split('_')[1], row])), {
    '0': 'COMPLETED None',
    '1': `PENDING ${NEVER}`,
    '2': 'COMPLETED None',
    '3': `PENDING ${NEVER}`,
  });
});

t.test('singleton: jobs of one name and user, one after the other', async (t) => {
  const desk = await Desk.open(t);
  const name = `single-${process.pid}`;
  const first = await desk.quiet('-J', name, '--wrap', desk.gate('go'));
  const second = await desk.quiet('-J', name, '-d', 'singleton', '--wrap', 'true');
  const other = await desk.quiet('-J', `${name}-other`, '-d', 'singleton', '--wrap', 'true');
  await desk.untilEnded([other]);
  t.equal((await desk.queue('%T %r %E', [second])).get(second), 'PENDING Dependency singleton(unfulfilled)');
  desk.openGate('go');
  await desk.untilEnded([first, second]);
  const rows = await desk.accounting('JobID,Start,End', [first, second], '-X');
  const of = (id: string) => rows.find((row) => row.JobID === id);
  t.ok(Number(of(second)?.Start) >= Number(of(first)?.End), 'it started after the end of the first');
});

t.test('of several, all must hold; joined by ? one is enough', async (t) => {
  const desk = await Desk.open(t);
  const ok = await desk.quiet('--wrap', 'true');
  const failed = await desk.quiet('--wrap', 'exit 1');
  const held = await desk.quiet('--hold', '--wrap', 'true');
  await desk.untilEnded([ok, failed]);
  const depends = async (text: string) => await desk.quiet('-d', text, '--wrap', 'true');
  const both = await depends(`afterok:${ok}:${held}`);
  const impossible = await depends(`afterok:${ok},afterok:${failed}`);
  const oneOf = await depends(`afterok:${failed}?afterok:${ok}`);
  const none = await depends(`afterok:${failed}?afterok:${held}`);
  await desk.untilEnded([oneOf]);
  await desk.until([impossible], '%r', ([reason]) => reason === NEVER);
  const rows = await desk.queue('%T %r %E', [both, none]);
  t.equal(rows.get(both), `PENDING Dependency afterok:${held}(unfulfilled)`, 'what is fulfilled is left out');
  t.equal(rows.get(none), `PENDING Dependency afterok:${failed}(failed)?afterok:${held}(unfulfilled)`);
  await desk.run('scancel', held);
  await desk.until([both, none], '%r', (reasons) => reasons.every((reason) => reason === NEVER));
});

t.test('a dependency that is changed or taken away', async (t) => {
  const desk = await Desk.open(t);
  const held = await desk.quiet('--hold', '--wrap', 'true');
  const job = await desk.quiet('-d', `afterok:${held}`, '--wrap', 'true');
  const update = async (dependency: string) =>
    await desk.run('scontrol', 'update', `JobId=${job}`, `Dependency=${dependency}`);
  t.equal((await update(`afterany:${held}`)).code, 0);
  await desk.until([job], '%r %E', ([row]) => row === `Dependency afterany:${held}(unfulfilled)`);
  t.strictSame(await update('afterok:x'), {
    code: 1,
    stdout: '',
    stderr: `Job dependency problem for job ${job}\n`,
  });
  t.strictSame(await update(''), { code: 0, stdout: '', stderr: '' });
  await desk.untilEnded([job]);
  t.equal((await desk.queue('%T', [job])).get(job), 'COMPLETED');
});

t.test('after:J+minutes counts from the start of J, or its cancellation', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--hold', '--wrap', 'true');
  const array = await desk.quiet('--hold', '--array=1-2', '--wrap', 'exit 1');
  const never = await desk.quiet('--hold', '--wrap', 'true');
  const gone = await desk.quiet('--hold', '--wrap', 'true');
  const depends: Readonly<Record<string, string | null>> = {
    [`after:${job}+1`]: `after:${job}+1(unfulfilled)`,
    [`after:${array}+1`]: `after:${array}_*+1(unfulfilled)`,
    [`after:${array}_2+1`]: `after:${array}_2+1(unfulfilled)`,
    [`after:${job}+1,afterok:${job}`]: `after:${job}+1(unfulfilled),afterok:${job}(unfulfilled)`,
    [`after:${never}+1?after:${job}+1`]: `after:${never}+1(unfulfilled)?after:${job}+1(unfulfilled)`,
    [`after:${gone}+1`]: `after:${gone}+1(unfulfilled)`,
    'after:60000000+1': null,
  };
  const jobs = new Map<string, string>();
  for (const text of Object.keys(depends)) jobs.set(text, await desk.quiet('-d', text, '--wrap', 'true'));
  const waiting = await desk.queue('%T %E', [...jobs.values()]);
  for (const [text, id] of jobs) {
    const shown = depends[text];
    if (shown) t.equal(waiting.get(id), `PENDING ${shown}`, `${text} waits`);
  }
  await desk.run('scontrol', 'release', `${job},${array}`);
  await desk.run('scancel', gone);
  await desk.untilEnded([job, array, ...jobs.values()]);
  const started = new Map(
    (await desk.accounting('JobID,Start', [job, array, ...jobs.values()], '-X')).map(
      ({ JobID = '', Start }) => [JobID, Number(Start)] as const,
    ),
  );
  const begun = started.get(job) ?? Number.NaN;
  for (const [text, id] of jobs) {
    const waited = (started.get(id) ?? Number.NaN) - begun;
    t.ok(depends[text] ? waited >= 55 : waited < 55, `${text} started ${waited} s after J`);
  }
});

t.test('a delay that is none', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.quiet('--hold', '--wrap', 'true');
  for (const delay of ['+', '+x', '+-1', '+0']) {
    t.match(await desk.run('sbatch', '-d', `after:${job}${delay}`, '--wrap', 'true'), {
      code: 1,
      stderr: 'sbatch: error: Batch job submission failed: Job dependency problem\n',
    });
  }
});
