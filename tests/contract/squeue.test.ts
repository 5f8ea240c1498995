import t, { type Test } from 'tap';
import { Desk } from './desk.js';

/** One running job, a throttled array, and what waits for other reasons, on which all cases look. */
async function fixture(t: Test) {
  const desk = await Desk.open(t);
  const name = `queue-${process.pid}`;
  const held = await desk.quiet('--hold', '--nice=3', '--wrap', 'true');
  const depends = await desk.quiet('-d', `afterok:${held}`, '--wrap', 'true');
  const later = await desk.quiet('--begin=now+3600', '--wrap', 'true');
  const finished = await desk.quiet('--wrap', 'true');
  await desk.until([depends, later], '%r', (reasons) => reasons.join(' ') === 'Dependency BeginTime');
  await desk.untilEnded([finished]);
  // Last: they live no longer than their limit.
  const running = await desk.quiet(
    '-p',
    'devel',
    '-J',
    name,
    '--comment=a|b',
    '-c',
    '2',
    '--mem=300',
    '--wrap',
    desk.gate('go'),
  );
  const array = await desk.quiet('-p', 'devel', '--array=3-6%1', '--wrap', desk.gate('go'));
  await desk.untilRunning([running, `${array}_3`]);
  const all = [running, array, held, depends, later, finished];
  return { desk, name, running, array, held, depends, later, finished, all };
}

/** Each field of `-o`, and what it shows of the running and of the held job. */
const FIELDS: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  '%i': [/^\d+$/, /^\d+$/],
  '%A': [/^\d+$/, /^\d+$/],
  '%F': [/^\d+$/, /^\d+$/],
  '%K': [/^N\/A$/, /^N\/A$/],
  '%T': [/^RUNNING$/, /^PENDING$/],
  '%t': [/^R$/, /^PD$/],
  '%r': [/^None$/, /^JobHeldUser$/],
  '%R': [/^d\d+$/, /^\(JobHeldUser\)$/],
  '%j': [/^queue-\d+$/, /^wrap$/],
  '%u': [/^\w+$/, /^\w+$/],
  '%U': [/^\d+$/, /^\d+$/],
  '%P': [/^devel$/, /^day$/],
  '%l': [/^1:00$/, /^1:00$/],
  '%L': [/^(0:\d\d|1:00)$/, /^1:00$/],
  '%M': [/^0:\d\d$/, /^0:00$/],
  '%N': [/^d\d+$/, /^$/],
  '%B': [/^d\d+$/, /^n\/a$/],
  '%D': [/^1$/, /^1$/],
  '%C': [/^2$/, /^1$/],
  '%c': [/^2$/, /^1$/],
  '%m': [/^300M$/, /^256M$/],
  '%k': [/^a\|b$/, /^\(null\)$/],
  '%S': [/^\d+$/, /^N\/A$/],
  '%V': [/^\d+$/, /^\d+$/],
  '%e': [/^\d+$/, /^N\/A$/],
  '%E': [/^\(null\)$/, /^\(null\)$/],
  '%Q': [/^[1-9]\d*$/, /^0$/],
  '%y': [/^0$/, /^3$/],
  '%o': [/^\(null\)$/, /^\(null\)$/],
  '%Z': [/^\/tmp\/afterok-contract-\w+$/, /^\/tmp\/afterok-contract-\w+$/],
  '%x': [/^$/, /^$/],
  '%n': [/^$/, /^$/],
  '%z': [/^\*:\*:\*$/, /^\*:\*:\*$/],
  '%v': [/^\(null\)$/, /^\(null\)$/],
  '%q': [/^\S+$/, /^\S+$/],
};

/** The long names of `-O`, and the letter that shows the same. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  JobArrayID: '%i',
  JobID: '%A',
  ArrayJobID: '%F',
  ArrayTaskID: '%K',
  State: '%T',
  StateCompact: '%t',
  Reason: '%r',
  ReasonList: '%R',
  Name: '%j',
  UserName: '%u',
  UserID: '%U',
  Partition: '%P',
  TimeLimit: '%l',
  TimeUsed: '%M',
  NodeList: '%N',
  NumNodes: '%D',
  NumCPUs: '%C',
  MinMemory: '%m',
  Comment: '%k',
  StartTime: '%S',
  SubmitTime: '%V',
  Dependency: '%E',
  Command: '%o',
  WorkDir: '%Z',
};

t.test('squeue', async (t) => {
  const { desk, name, running, array, held, depends, later, finished, all } = await fixture(t);
  const ids = all.join(',');
  const squeue = async (...args: string[]) => await desk.query('squeue', ...args);
  const lines = async (...args: string[]) => (await squeue('-h', ...args)).split('\n').filter(Boolean).sort();

  // What looks at the running jobs comes first, and asks for all fields at once.
  await t.test('fields of -o and --format', async (t) => {
    const format = Object.keys(FIELDS).join('~');
    const rows = await lines('-j', `${running},${held}`, '-o', format);
    const of = (id: string) => rows.find((line) => line.startsWith(`${id}~`))?.split('~') ?? [];
    for (const [place, [field, [ofRunning, ofHeld]]] of Object.entries(FIELDS).entries()) {
      t.match(of(running)[place], ofRunning, `${field}, running`);
      t.match(of(held)[place], ofHeld, `${field}, held`);
    }
    t.equal(await squeue('-h', '-j', held, '--format=%T;%%;x%i'), `PENDING;%;x${held}`);
  });

  await t.test('fields of an array', async (t) => {
    t.strictSame(await lines('-j', array, '-o', '%i|%F|%K|%T|%r'), [
      `${array}_3|${array}|3|RUNNING|None`,
      `${array}_[4-6%1]|${array}|4-6%1|PENDING|JobArrayTaskLimit`,
    ]);
    t.strictSame(
      await lines('-r', '-j', array, '-o', '%i|%F|%K'),
      [3, 4, 5, 6].map((index) => `${array}_${index}|${array}|${index}`),
    );
    t.strictSame(await lines('-j', `${array}_3,${array}_5`, '-o', '%i'), [`${array}_3`, `${array}_5`]);
  });

  await t.test('fields of -O, in columns of 20', async (t) => {
    const names = Object.keys(LONG_NAMES);
    const wide = await squeue('-h', '-j', running, '-O', names.map((long) => `${long}:200`).join(','));
    const shown = await squeue('-h', '-j', running, '-o', Object.values(LONG_NAMES).join('~'));
    // Time passes between the two.
    const still = (text: string) => text.replace(/^0:\d\d$/, '0:00');
    for (const [place, long] of names.entries()) {
      const cell = wide.slice(place * 200, place * 200 + 200).trim();
      t.equal(still(cell), still(shown.split('~')[place] ?? ''), long);
    }
    const table = await desk.run('squeue', '-j', held, '-O', 'JobID,State,Reason:.12,Name:2');
    const column = (text: string) => text.padEnd(20);
    t.equal(
      table.stdout,
      `${column('JOBID')}${column('STATE')}      REASONNA\n${column(held)}${column('PENDING')} JobHeldUserwr\n`,
    );
  });

  await t.test('--json', async (t) => {
    const { jobs } = JSON.parse(await squeue('--json')) as { jobs: Record<string, unknown>[] };
    const of = (id: string) => jobs.find((job) => job.job_id === Number(id));
    t.match(of(running), {
      job_id: Number(running),
      job_state: 'RUNNING',
      name,
      comment: 'a|b',
      partition: 'devel',
      nodes: /^d\d+$/,
      user_id: process.getuid?.(),
      state_reason: 'None',
      current_working_directory: desk.folder,
      array_job_id: 0,
      restart_cnt: 0,
      exit_code: 0,
      standard_output: '/dev/null',
    });
    t.match(of(held), { job_state: 'PENDING', state_reason: 'JobHeldUser', priority: 0, start_time: 0 });
    t.match(of(depends), { state_reason: 'Dependency', dependency: `afterok:${held}(unfulfilled)` });
    t.match(of(array), {
      job_state: 'PENDING',
      array_job_id: Number(array),
      array_task_id: null,
      array_task_string: '4-6%1',
      array_max_tasks: 1,
    });
    const task = jobs.find((job) => job.array_job_id === Number(array) && job.array_task_id === 3);
    t.match(task, { job_state: 'RUNNING', array_task_string: '' });
    t.ok(Number(of(running)?.submit_time) <= Number(of(running)?.start_time), 'times in seconds');
  });

  await t.test('the default table', async (t) => {
    const { stdout } = await desk.run('squeue', '-j', `${array},${held}`);
    const [header, ...rows] = stdout.trimEnd().split('\n');
    t.equal(header, '             JOBID PARTITION     NAME     USER ST       TIME  NODES NODELIST(REASON)');
    const user = (await squeue('-h', '-j', held, '-o', '%.8u')).padStart(8);
    const rest = rows.find((row) => row.includes('['));
    t.equal(
      rest,
      `${`${array}_[4-6%1]`.padStart(18)}     devel     wrap ${user} PD       0:00      1 (JobArrayTaskLimit)`,
    );
    t.match(
      rows.find((row) => row.includes(`${array}_3`)),
      /^ +\d+_3 +devel +wrap +\w+ +R +0:\d\d +1 d\d+$/,
    );
    t.equal(
      rows.find((row) => row.includes(` ${held} `)),
      `${held.padStart(18)}       day     wrap ${user} PD       0:00      1 (JobHeldUser)`,
    );
    const long = await desk.run('squeue', '-l', '-j', held);
    t.match(
      long.stdout.split('\n')[1],
      /^ +JOBID PARTITION +NAME +USER +STATE +TIME TIME_LIMI +NODES NODELIST\(REASON\)$/,
    );
  });

  await t.test('which jobs', async (t) => {
    const of = async (...args: string[]) =>
      (await lines(...args, '-j', ids, '-o', '%A')).filter((id) => all.includes(id));
    t.strictSame(await lines('-n', name, '-o', '%A'), [running], '-n');
    t.notOk((await of()).includes(finished), 'what has ended is not shown');
    t.strictSame(await of('-t', 'CD'), [finished], '-t CD');
    t.strictSame(await of('-t', 'completed,running'), [running, finished].sort(), '-t completed,running');
    t.ok((await of('-t', 'all')).includes(finished), '-t all');
    t.strictSame((await of('-t', 'PD')).sort(), [array, held, depends, later].sort(), '-t PD');
    t.ok((await of('--me')).includes(running), '--me');
    t.strictSame(await of('-u', 'nobody'), [], '-u of somebody else');
    t.strictSame(await of('-p', 'week'), [], '-p of another partition');
    t.strictSame(await of('-p', 'devel,week', '-t', 'R'), [running], '-p');
    const user = await squeue('-h', '-j', running, '-o', '%u');
    t.ok((await of('-u', user)).includes(running), '-u');
  });

  await t.test('widths, alignment and cutting of -o', async (t) => {
    const table = await desk.run('squeue', '-j', held, '-o', '%.9T|%9T|%3T|%.3T|%T');
    t.equal(table.stdout, '    STATE|STATE    |STA|STA|STATE\n  PENDING|PENDING  |PEN|PEN|PENDING\n');
  });

  await t.test('ids that nobody knows', async (t) => {
    t.strictSame(await desk.run('squeue', '-h', '-j', '60000000'), {
      code: 1,
      stdout: '',
      stderr: 'slurm_load_jobs error: Invalid job id specified\n',
    });
    t.strictSame(await desk.run('squeue', '-h', '-j', '60000000,60000001'), {
      code: 0,
      stdout: '',
      stderr: '',
    });
    t.strictSame(await desk.run('squeue', '-h', '-o', '%i', '-j', `60000000,${held}`), {
      code: 0,
      stdout: `${held}\n`,
      stderr: '',
    });
    t.strictSame(await desk.run('squeue', '-h', '-j', finished), { code: 0, stdout: '', stderr: '' });
    t.strictSame(await desk.run('squeue', '-h', '-j', `${array}_77`), { code: 0, stdout: '', stderr: '' });
    t.strictSame(await desk.run('squeue', '-j', 'abc'), {
      code: 1,
      stdout: '',
      stderr: 'squeue: error: Invalid job id: abc\n',
    });
    t.match(await desk.run('squeue', '-t', 'nonsense'), {
      code: 1,
      stderr:
        /^squeue: error: Invalid job state specified: nonsense\nsqueue: error: Valid job states include: PENDING,/,
    });
    t.strictSame(await desk.run('squeue', '--nonsense'), {
      code: 1,
      stdout: '',
      stderr: `squeue: unrecognized option '--nonsense'\nTry "squeue --help" for more information\n`,
    });
  });

  await t.test('times as SLURM_TIME_FORMAT says', async (t) => {
    const plain = await desk.run('squeue', '-h', '-j', held, '-o', '%V');
    t.match(plain.stdout, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\n$/);
    const formatted = await desk.runWith(
      { SLURM_TIME_FORMAT: '%Y/%m' },
      'squeue',
      '-h',
      '-j',
      held,
      '-o',
      '%V',
    );
    t.match(formatted.stdout, /^\d{4}\/\d\d\n$/);
    const byVariable = await desk.runWith({ SQUEUE_FORMAT: '%i!' }, 'squeue', '-h', '-j', held);
    t.equal(byVariable.stdout, `${held}!\n`, 'SQUEUE_FORMAT');
  });
  desk.openGate('go');
});
