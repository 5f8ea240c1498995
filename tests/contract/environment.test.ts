import t from 'tap';
import { Desk } from './desk.js';

t.jobs = 2;

type Environment = Record<string, string | undefined>;

/** What `env -0` left in a file. */
function environmentIn(text: string): Environment {
  const entries = text.split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}

const PRINT = 'env -0';

t.test('SLURM_ variables of a single job', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit('-o', 'out', '--mem=100M', '-J', 'a name', '-p', 'devel', '--wrap', PRINT);
  await desk.untilEnded([job]);
  const env = environmentIn(desk.read('out'));
  t.match(env, {
    SLURM_JOB_ID: job,
    SLURM_JOBID: job,
    SLURM_JOB_NAME: 'a name',
    SLURM_JOB_PARTITION: 'devel',
    SLURM_JOB_NUM_NODES: '1',
    SLURM_NNODES: '1',
    SLURM_JOB_CPUS_PER_NODE: '1',
    SLURM_CPUS_ON_NODE: '1',
    SLURM_TASKS_PER_NODE: '1',
    SLURM_MEM_PER_NODE: '100',
    SLURM_SUBMIT_DIR: desk.folder,
    SLURM_JOB_UID: String(process.getuid?.()),
    SLURM_JOB_GID: String(process.getgid?.()),
    SLURM_NODEID: '0',
    SLURM_LOCALID: '0',
    SLURM_PROCID: '0',
    SLURM_GTIDS: '0',
    SLURM_TASK_PID: /^\d+$/,
    SLURM_CLUSTER_NAME: /./,
    SLURM_SUBMIT_HOST: /./,
    SLURM_JOB_USER: /./,
    ENVIRONMENT: 'BATCH',
    TMPDIR: /./,
  });
  const node = (await desk.accounting('NodeList', [job], '-X'))[0]?.NodeList;
  t.strictSame(
    [env.SLURM_JOB_NODELIST, env.SLURM_NODELIST, env.SLURMD_NODENAME],
    [node, node, node],
    'the node that accounting names',
  );
  const absent = ['SLURM_ARRAY_JOB_ID', 'SLURM_ARRAY_TASK_ID', 'SLURM_RESTART_COUNT', 'SLURM_MEM_PER_CPU'];
  t.strictSame(
    absent.filter((name) => name in env),
    [],
  );
});

t.test('SLURM_ variables of memory per CPU, CPUs and tasks', async (t) => {
  const desk = await Desk.open(t);
  const options = ['--mem-per-cpu=50', '-c', '2', '-n', '2', '-N', '1'];
  const job = await desk.submit('-o', 'out', ...options, '--wrap', PRINT);
  await desk.untilEnded([job]);
  const env = environmentIn(desk.read('out'));
  t.match(env, {
    SLURM_MEM_PER_CPU: '50',
    SLURM_CPUS_PER_TASK: '2',
    SLURM_NTASKS: '2',
    SLURM_NPROCS: '2',
    SLURM_CPUS_ON_NODE: '4',
    SLURM_JOB_CPUS_PER_NODE: '4',
    SLURM_TASKS_PER_NODE: '2',
  });
  t.notOk('SLURM_MEM_PER_NODE' in env);
});

t.test('SLURM_ variables of array tasks', async (t) => {
  const desk = await Desk.open(t);
  const job = await desk.submit('-o', '%a.out', '--array=3-9:2,20', '--wrap', PRINT);
  await desk.untilEnded([job]);
  const raw = new Map(
    (await desk.accounting('JobID,JobIDRaw', [job], '-X')).map((row) => [row.JobID, row.JobIDRaw]),
  );
  for (const index of [3, 5, 7, 9, 20]) {
    const env = environmentIn(desk.read(`${index}.out`));
    t.match(
      env,
      {
        SLURM_ARRAY_JOB_ID: job,
        SLURM_ARRAY_TASK_ID: String(index),
        SLURM_ARRAY_TASK_COUNT: '5',
        SLURM_ARRAY_TASK_MIN: '3',
        SLURM_ARRAY_TASK_MAX: '20',
        SLURM_JOB_ID: raw.get(`${job}_${index}`),
        SLURM_JOBID: env.SLURM_JOB_ID,
      },
      `task ${index}`,
    );
  }
  const strided = await desk.submit(
    '-o',
    'strided.%a',
    '--array=3-9:2',
    '--wrap',
    'echo $SLURM_ARRAY_TASK_STEP',
  );
  await desk.untilEnded([strided]);
  t.equal(desk.read('strided.5'), '2\n', 'the step of one run');
});

t.test('where and as what the script runs', async (t) => {
  const desk = await Desk.open(t);
  const script = desk.file(
    'about.sh',
    `#!/bin/bash
echo "folder $(pwd)"
echo "umask $(umask)"
echo "input $(readlink /proc/$$/fd/0)"
echo "output $(readlink /proc/$$/fd/1) $(readlink /proc/$$/fd/2)"
read -r _ _ _ parent group session tty _ < /proc/$$/stat
echo "group $([ "$group" = $$ ] && echo own) terminal $tty"
echo "interactive $- $PS1"
`,
  );
  const here = await desk.run('bash', '-c', `umask 027; exec sbatch --parsable -o about.out ${script}`);
  const job = here.stdout.trim();
  desk.remember(job);
  const elsewhere = await desk.submit('--chdir=/tmp', '-o', `${desk.folder}/elsewhere.out`, script);
  await desk.untilEnded([job, elsewhere]);
  const about = desk.read('about.out');
  t.match(about, `folder ${desk.folder}\numask 0027\ninput /dev/null\n`);
  t.match(about, `output ${desk.folder}/about.out ${desk.folder}/about.out\ngroup own terminal 0\n`);
  t.match(desk.read('elsewhere.out'), 'folder /tmp\n');
});

/** `--export`, and which of four variables and of the submitting environment's settings the job sees. */
const EXPORTS = {
  'without --export': { option: null, comma: 'a,b c', plain: '1', added: null, other: '2' },
  ALL: { option: 'ALL', comma: 'a,b c', plain: '1', added: null, other: '2' },
  'ALL,ADDED=x': { option: 'ALL,ADDED=x', comma: 'a,b c', plain: '1', added: 'x', other: '2' },
  'PLAIN,ADDED=x y': { option: 'PLAIN,ADDED=x y', comma: null, plain: '1', added: 'x y', other: null },
  COMMA: { option: 'COMMA', comma: 'a,b c', plain: null, added: null, other: null },
  'ADDED=1,2,PLAIN: a comma ends a value': {
    option: 'ADDED=1,2,PLAIN',
    comma: null,
    plain: '1',
    added: '1',
    other: null,
  },
  NONE: { option: 'NONE', comma: null, plain: null, added: null, other: null },
  NIL: { option: 'NIL', comma: null, plain: null, added: null, other: null },
} as const;

t.test('--export', async (t) => {
  const desk = await Desk.open(t);
  const env = { COMMA: 'a,b c', PLAIN: '1', OTHER: '2' };
  const jobs = await Promise.all(
    Object.values(EXPORTS).map(async ({ option }, at) => {
      const options = option === null ? [] : [`--export=${option}`];
      return await desk.submitWith(env, '-o', `${at}.out`, ...options, '--wrap', PRINT);
    }),
  );
  await desk.untilEnded(jobs);
  for (const [at, [what, expected]] of Object.entries(EXPORTS).entries()) {
    const seen = environmentIn(desk.read(`${at}.out`));
    const { COMMA: comma = null, PLAIN: plain = null, ADDED: added = null, OTHER: other = null } = seen;
    const { option, ...values } = expected;
    t.strictSame({ comma, plain, added, other }, values, what);
    t.equal(seen.SLURM_JOB_ID, jobs[at], `${what}: SLURM_ variables are always there`);
    t.ok(seen.PATH, `${what}: there is a PATH`);
    const told = option === null || option === 'ALL' ? undefined : option;
    t.equal(seen.SLURM_EXPORT_ENV, told, `${what}: SLURM_EXPORT_ENV`);
  }
});

t.test('a job submitted from a job: SLURM_ variables are its own where it has any', async (t) => {
  const desk = await Desk.open(t);
  const inner = desk.file('inner.sh', `#!/bin/bash\n${PRINT}\n`);
  const outer = await desk.submit(
    ...['-o', '/dev/null', '--array=5', '--mem=77', '--wrap'],
    `sbatch --parsable --mem=55 -o inner.out ${inner} > id`,
  );
  await desk.untilEnded([outer]);
  const id = desk.read('id').trim();
  desk.remember(id);
  await desk.untilEnded([id]);
  const env = environmentIn(desk.read('inner.out'));
  t.match(env, { SLURM_JOB_ID: id, SLURM_MEM_PER_NODE: '55' });
  t.equal(env.SLURM_ARRAY_TASK_ID, '5', 'what it has no value of its own for stays');
});
