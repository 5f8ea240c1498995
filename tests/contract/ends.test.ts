import t from 'tap';
import { Desk } from './desk.js';

/** A script, and what accounting and the controller say of its end. */
interface End {
  body: string;
  options?: readonly string[];
  /** State and exit code of the job in sacct, which prints codes from 128 on less 128. */
  job: string;
  /** The same of its batch step. */
  batch: string;
  /** State, exit code and reason in scontrol; null where they are as in sacct and None. */
  record: string;
  /** What else is on the output. */
  output?: RegExp;
}

const HOG = `python3 -c 'bytearray(300 * 1024 * 1024)'`;
const OOM_LINE =
  /^slurmstepd\S*: error: Detected 1 oom-kill event\(s\) in StepId=\d+\.batch\. Some of your processes may have been killed by the cgroup out-of-memory handler\.$/m;

const ENDS: Readonly<Record<string, End>> = {
  'exit 0': { body: 'exit 0', job: 'COMPLETED 0:0', batch: 'COMPLETED 0:0', record: 'COMPLETED 0:0 None' },
  'exit 1': { body: 'exit 1', job: 'FAILED 1:0', batch: 'FAILED 1:0', record: 'FAILED 1:0 NonZeroExitCode' },
  'exit 3': { body: 'exit 3', job: 'FAILED 3:0', batch: 'FAILED 3:0', record: 'FAILED 3:0 NonZeroExitCode' },
  'exit 127': {
    body: 'exit 127',
    job: 'FAILED 127:0',
    batch: 'FAILED 127:0',
    record: 'FAILED 127:0 NonZeroExitCode',
  },
  'exit 128': {
    body: 'exit 128',
    job: 'FAILED 0:0',
    batch: 'FAILED 0:0',
    record: 'FAILED 128:0 NonZeroExitCode',
  },
  'exit 137': {
    body: 'exit 137',
    job: 'FAILED 9:0',
    batch: 'FAILED 9:0',
    record: 'FAILED 137:0 NonZeroExitCode',
  },
  'exit 255': {
    body: 'exit 255',
    job: 'FAILED 127:0',
    batch: 'FAILED 127:0',
    record: 'FAILED 255:0 NonZeroExitCode',
  },
  'a command that is not there': {
    body: 'no-such-command',
    job: 'FAILED 127:0',
    batch: 'FAILED 127:0',
    record: 'FAILED 127:0 NonZeroExitCode',
    output: /slurm_script: (line )?\d+: no-such-command: (command )?not found$/m,
  },
  'SIGTERM to itself': {
    body: 'kill -TERM $$',
    job: 'FAILED 0:15',
    batch: 'CANCELLED 0:15',
    record: 'FAILED 0:15 JobLaunchFailure',
  },
  'SIGKILL to itself': {
    body: 'kill -KILL $$',
    job: 'FAILED 0:9',
    batch: 'CANCELLED 0:9',
    record: 'FAILED 0:9 JobLaunchFailure',
  },
  'SIGSEGV to itself': {
    body: 'ulimit -c 0; kill -SEGV $$',
    job: 'FAILED 0:11',
    batch: 'CANCELLED 0:11',
    record: 'FAILED 0:11 JobLaunchFailure',
  },
  'a child that is killed': {
    body: `bash -c 'kill -KILL $$'; exit $?`,
    job: 'FAILED 9:0',
    batch: 'FAILED 9:0',
    record: 'FAILED 137:0 NonZeroExitCode',
  },
  'an interpreter that is not there': {
    body: '',
    options: ['bad-interpreter.sh'],
    job: 'FAILED 2:0',
    batch: 'FAILED 2:0',
    record: 'FAILED 2:0 NonZeroExitCode',
    output:
      /^slurmstepd\S*: error: execve\(\): bad interpreter\(\/no\/such\/shell\): No such file or directory$/m,
  },
  'too little memory': {
    body: `${HOG}`,
    options: ['--mem=60M'],
    job: 'OUT_OF_MEMORY 0:125',
    batch: 'OUT_OF_MEMORY 0:125',
    record: 'OUT_OF_MEMORY 0:125 OutOfMemory',
    output: OOM_LINE,
  },
  'too little memory, in a script that goes on': {
    body: `${HOG}; echo "survived $?"; exit 0`,
    options: ['--mem=60M'],
    job: 'OUT_OF_MEMORY 0:125',
    batch: 'OUT_OF_MEMORY 0:125',
    record: 'OUT_OF_MEMORY 0:125 OutOfMemory',
    output: /^survived 137$/m,
  },
  'background processes left behind': {
    body: 'sleep 300 & exit 0',
    job: 'COMPLETED 0:0',
    batch: 'COMPLETED 0:0',
    record: 'COMPLETED 0:0 None',
  },
};

t.test('how jobs end', async (t) => {
  const desk = await Desk.open(t);
  desk.file('bad-interpreter.sh', '#!/no/such/shell\ntrue\n');
  const entries = Object.entries(ENDS);
  const jobs: string[] = [];
  for (const [at, [, { body, options = [] }]] of entries.entries()) {
    const wrap = body === '' ? [] : ['--wrap', body];
    jobs.push(await desk.submit('-p', 'devel,day', '-o', `${at}.out`, ...options, ...wrap));
  }
  await desk.untilEnded(jobs);
  const rows = await desk.accounting(
    'JobID,State,ExitCode,DerivedExitCode,ElapsedRaw,Submit,Start,End,NodeList,AllocCPUS',
    jobs,
  );
  const told = (id: string) => {
    const row = rows.find(({ JobID }) => JobID === id);
    return `${row?.State} ${row?.ExitCode}`;
  };
  const records = await Promise.all(jobs.map(async (job) => await desk.record(job)));
  for (const [at, [what, end]] of entries.entries()) {
    const job = jobs[at] ?? '';
    t.equal(told(job), end.job, `${what}: job`);
    t.equal(told(`${job}.batch`), end.batch, `${what}: batch step`);
    const { JobState, ExitCode, Reason } = records[at] ?? {};
    t.equal(`${JobState} ${ExitCode} ${Reason}`, end.record, `${what}: controller`);
    if (end.output !== undefined) t.match(desk.read(`${at}.out`), end.output, `${what}: output`);
  }
  for (const row of rows.filter(({ JobID }) => !JobID?.includes('.'))) {
    const [submit, start, ended] = [row.Submit, row.Start, row.End].map(Number);
    if (submit === undefined || start === undefined || ended === undefined) throw new Error('no times');
    t.ok(submit <= start && start <= ended, 'submitted, started, ended');
    t.equal(ended - start, Number(row.ElapsedRaw), 'elapsed is from start to end');
    t.match(row, { DerivedExitCode: '0:0', NodeList: /^[dn]\d+$/, AllocCPUS: '1' });
  }
});

t.test('steps', async (t) => {
  const desk = await Desk.open(t);
  const body = `srun -n 1 bash -c 'echo "step $SLURM_STEP_ID $SLURM_PROCID"'; srun -J named bash -c 'exit 7'; echo "srun $?"; exit 0`;
  const job = await desk.submit('-o', 'out', '--wrap', body);
  const two = await desk.submit(
    '-n',
    '2',
    '-o',
    'two',
    '--wrap',
    `srun bash -c 'echo "$SLURM_PROCID of $SLURM_NTASKS"'`,
  );
  const killed = await desk.submit(
    '--mem=60M',
    '-o',
    'killed',
    '--wrap',
    `srun ${HOG}; echo "srun $?"; exit 0`,
  );
  await desk.untilEnded([job, two, killed]);
  t.match(desk.read('out'), /^step 0 0\n/);
  t.match(desk.read('out'), /^srun: error: \S+: task 0: Exited with exit code 7$/m);
  t.match(desk.read('out'), /^srun 7$/m);
  t.strictSame(desk.read('two').trim().split('\n').sort(), ['0 of 2', '1 of 2']);
  t.match(desk.read('killed'), /^srun: error: \S+: task 0: Out Of Memory$/m);
  t.match(desk.read('killed'), /Detected 1 oom-kill event\(s\) in StepId=\d+\.0\. Some of your/);
  const rows = await desk.accounting('JobID,JobIDRaw,JobName,State,ExitCode,DerivedExitCode', [job, killed]);
  t.strictSame(
    rows.map(({ DerivedExitCode: _derived, ...row }) => Object.values(row).join(' ')),
    [
      `${job} ${job} wrap COMPLETED 0:0`,
      `${job}.batch ${job}.batch batch COMPLETED 0:0`,
      `${job}.0 ${job}.0 bash COMPLETED 0:0`,
      `${job}.1 ${job}.1 named FAILED 7:0`,
      `${killed} ${killed} wrap COMPLETED 0:0`,
      `${killed}.batch ${killed}.batch batch COMPLETED 0:0`,
      `${killed}.0 ${killed}.0 python3 OUT_OF_MEMORY 0:125`,
    ],
    'a step that fails is no failure of the job',
  );
  // When the ends of the last step and of the job reach slurmctld together, it stays 0:0 for ever: 4 of 24 jobs.
  const derived = rows.map((row) => row.DerivedExitCode ?? '');
  t.match(
    derived,
    [/^(7:0|0:0)$/, /^$/, /^$/, /^$/, /^0:(125|0)$/, /^$/, /^$/],
    'the worst of the steps, if it is known in time',
  );
});

t.test('MaxRSS stands on the rows of steps', async (t) => {
  const desk = await Desk.open(t);
  // Longer than the sampling interval of the accounting, 5 s.
  const body = `python3 -c 'import time; block = bytearray(80 * 1024 * 1024); time.sleep(${7 / desk.cluster.timeScale})'`;
  const job = await desk.quiet('--mem=200M', '--wrap', body);
  await desk.untilEnded([job]);
  const [total, batch] = await desk.accounting('JobID,MaxRSS,ReqMem', [job]);
  t.match(total, { JobID: job, MaxRSS: '', ReqMem: '200M' });
  t.match(batch, { JobID: `${job}.batch`, MaxRSS: /^\d+K$/, ReqMem: '' });
  const used = Number.parseInt(batch?.MaxRSS ?? '', 10);
  t.ok(used > 80 * 1024 && used < 200 * 1024, `80 to 200 MB: ${used} K`);
});
