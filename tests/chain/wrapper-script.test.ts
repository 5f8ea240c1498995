import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { readRecords } from '../../lib/chain/completion-records.js';
import { ChainPaths, TrackerPaths } from '../../lib/chain/paths.js';
import { writeRoundFiles } from '../../lib/chain/round-files.js';
import { mappedOutput, wrapperScript } from '../../lib/chain/wrapper-script.js';
import { CHAIN, checkpoint, round, roundJob } from './plain-chain.js';

/** sbatch's pattern, and that of a mapped job. */
const PATTERNS: [string, string][] = [
  ['slurm-%A_%a.out', 'slurm-%A_@mapped%a@.out'],
  ['%a', '@mapped%a@'],
  ['out-%4a.txt', 'out-@mapped%4a@.txt'],
  ['run1%a', 'run1@mapped%a@'],
  ['%a/%x-%a.out', '@mapped%a@/%x-@mapped%a@.out'],
  ['100%%a.out', '100%%a.out'],
  ['100%%%a.out', '100%%@mapped%a@.out'],
  ['%A-%j.out', '%A-%j.out'],
  ['/dev/null', '/dev/null'],
];

t.test('marks the dense index in output patterns', async (t) => {
  for (const [pattern, marked] of PATTERNS) t.equal(mappedOutput(pattern), marked, pattern);
});

/** Says what it was given, NUL separated, so that every byte shows. */
const JOB = `#!/bin/bash
#SBATCH --job-name=probe
#SBATCH --comment "two words"
# a comment

#SBATCH --nice
echo "task $SLURM_ARRAY_TASK_ID of $SLURM_ARRAY_JOB_ID"
printf '%s\\0' "$@" > "$PROBE_ARGS"
exit 7
#SBATCH --exclusive
`;

const ARGS = ['two words', '', 'line\nline\n', `'"$(exit 3)\`x\`\\`, '*', 'größe 文字', '--help', 'a=b,c'];

interface Ran {
  status: number | null;
  files: string[];
  output: string;
  args: string[];
}

/** Runs the wrapper of a mapped job as slurmd would: dense index in the environment, output in a file. */
function runTask(folder: string, wrapper: string, dense: number, file: string): Ran {
  const probe = `${folder}/arguments`;
  mkdirSync(`${folder}/out`, { recursive: true });
  const output = openSync(`${folder}/out/${file}`, 'w');
  const { status } = spawnSync('/bin/bash', [wrapper, ...ARGS], {
    env: {
      PATH: process.env.PATH,
      PROBE_ARGS: probe,
      SLURM_ARRAY_TASK_ID: String(dense),
      SLURM_ARRAY_JOB_ID: '806',
    },
    stdio: ['ignore', output, output],
  });
  const files = readdirSync(`${folder}/out`);
  const args = existsSync(probe) ? readFileSync(probe, 'utf8').split('\0').slice(0, -1) : [];
  return { status, files, output: readFileSync(`${folder}/out/${files[0]}`, 'utf8'), args };
}

/** A folder with a name that only quoting survives. */
const ODD = `it's "odd" $HOME & co`;

t.test('a mapped task sees its true index, its arguments and its output file', async (t) => {
  /** Name of the output file as slurmd made it from the marked pattern, and as the task leaves it. */
  const names: [string, string][] = [
    ['slurm-806_@mapped2@.out', 'slurm-806_1207.out'],
    ['run1@mapped2@', 'run11207'],
    ['out-@mapped0002@.txt', 'out-1207.txt'],
    ['out-@mapped000002@.txt', 'out-001207.txt'],
    ['@mapped2@-@mapped2@.out', '1207-1207.out'],
    ['unmarked-2.out', 'unmarked-2.out'],
    [`${ODD} @mapped2@`, `${ODD} 1207`],
  ];
  for (const [before, after] of names) {
    const folder = t.testdir({ [ODD]: { 'job.sh': JOB, map: '1001\n1100\n1207\n1208\n' } });
    const script = `${folder}/${ODD}/job.sh`;
    chmodSync(script, 0o755);
    writeFileSync(
      `${folder}/${ODD}/wrapper`,
      wrapperScript([], { indexMap: `${folder}/${ODD}/map`, records: null }, script),
    );
    const ran = runTask(folder, `${folder}/${ODD}/wrapper`, 2, before);
    t.equal(ran.status, 7, 'the exit code is that of the script');
    t.same(ran.files, [after]);
    t.equal(ran.output, 'task 1207 of 806\n');
    t.same(ran.args, ARGS);
  }
});

t.test('a task that the map does not know fails, it does not run the wrong index', async (t) => {
  const folder = t.testdir({ 'job.sh': JOB, map: '1001\n' });
  writeFileSync(
    `${folder}/wrapper`,
    wrapperScript([], { indexMap: `${folder}/map`, records: null }, `${folder}/job.sh`),
  );
  const ran = runTask(folder, `${folder}/wrapper`, 5, 'out.txt');
  t.equal(ran.status, 1);
  t.equal(ran.output, 'afterok: no index for task 5 in the index map\n');
  t.same(ran.args, []);
});

t.test('the files of a mapped job', async (t) => {
  const paths = new ChainPaths(new TrackerPaths(`${t.testdir({ [ODD]: {} })}/${ODD}`), CHAIN);
  mkdirSync(`${paths.folder}/script`, { recursive: true });
  writeFileSync(paths.script('job.sh'), JOB);
  const direct = roundJob();
  const mapped = roundJob({ array: '0-3', indices: '2001-2005:2,3000', count: 4, mapped: true });
  writeRoundFiles(checkpoint(), round([direct, mapped], { number: 2 }), paths);
  t.equal(readFileSync(paths.indexMap(2, 2), 'utf8'), '2001\n2003\n2005\n3000\n');
  t.notOk(existsSync(paths.indexMap(2, 1)), 'none for a job that needs none');
  const wrapper = paths.wrapper(2, 2, 'job.sh');
  t.match(
    readFileSync(wrapper, 'utf8'),
    /^#!\/bin\/bash -p\n#SBATCH --job-name=probe\n#SBATCH --comment "two words"\n#SBATCH --nice\n_afterok_task=/,
    "the script's own directives, and none from behind its first command",
  );
  const ran = runTask(paths.folder, wrapper, 3, 'slurm-806_@mapped3@.out');
  t.same([ran.status, ran.files, ran.output], [7, ['slurm-806_3000.out'], 'task 3000 of 806\n']);
  t.same(ran.args, ARGS);
});

/** A script, and a wrapper of it that keeps records. */
interface Recorded {
  folder: string;
  script: string;
  wrapper: string;
  records: string;
  env: NodeJS.ProcessEnv;
}

function recorded(t: Test, lines: string): Recorded {
  const folder = `${t.testdir({ [ODD]: { records: {} } })}/${ODD}`;
  const [script, wrapper, records] = [`${folder}/job.sh`, `${folder}/wrapper`, `${folder}/records`];
  writeFileSync(script, `#!/bin/bash\n${lines}\n`, { mode: 0o755 });
  writeFileSync(wrapper, wrapperScript([], { indexMap: null, records }, script), { mode: 0o755 });
  const env = {
    PATH: process.env.PATH,
    SLURM_JOB_ID: '811',
    SLURM_ARRAY_JOB_ID: '806',
    SLURM_ARRAY_TASK_ID: '4',
    SLURMD_NODENAME: 'n3',
    FOLDER: folder,
  };
  return { folder, script, wrapper, records, env };
}

/** Ends of a script, and what its record says: code and signal. */
const ENDS: [string, number | null, NodeJS.Signals | null, number, number][] = [
  ['exit 0', 0, null, 0, 0],
  ['exit 3', 3, null, 3, 0],
  ['exit 128', 128, null, 128, 0],
  ['exit 137', 137, null, 137, 0],
  ['exit 143', 143, null, 143, 0],
  ['exit 255', 255, null, 255, 0],
  ['no-such-command', 127, null, 127, 0],
  ['kill -TERM $$', null, 'SIGTERM', 0, 15],
  ['kill -KILL $$', null, 'SIGKILL', 0, 9],
  ['kill -INT $$', null, 'SIGINT', 0, 2],
  ['kill -ALRM $$', null, 'SIGALRM', 0, 14],
  ['kill -PIPE $$', null, 'SIGPIPE', 0, 13],
  ['ulimit -c 0; kill -SEGV $$', null, 'SIGSEGV', 0, 11],
  ['sleep 0.1; kill -USR1 $$', null, 'SIGUSR1', 0, 10],
  ['(sleep 0.1; kill -CONT $$) & kill -STOP $$; exit 147', 147, null, 147, 0],
  ['trap "exit 5" EXIT; exit 4', 5, null, 5, 0],
  ['trap "exit 6" TERM; kill 0', 6, null, 6, 0],
  ['trap "exit 7" TERM; kill -- -$$', 7, null, 7, 0],
];

t.test('a recorded script ends as it would without its wrapper, and the record says how', async (t) => {
  for (const [lines, status, signal, code, number] of ENDS) {
    const { script, wrapper, records, env } = recorded(t, lines);
    const options = { env, encoding: 'utf8', detached: true } as const;
    const plain = spawnSync(script, options);
    const wrapped = spawnSync(wrapper, options);
    t.same([plain.status, plain.signal], [status, signal], `${lines}: the script alone`);
    t.same([wrapped.status, wrapped.signal], [status, signal], `${lines}: the same`);
    t.equal(wrapped.stdout, plain.stdout);
    t.equal(wrapped.stderr, plain.stderr, `${lines}: bash adds no word of its own`);
    t.match(readRecords(records), [{ job: '806', task: 4, index: 4, code, signal: number, term: null }]);
    t.same(readdirSync(records), ['806_4.0.json']);
  }
});

/** Runs a program where process ids begin with 1. */
const SMALL_IDS = ['unshare', '--map-root-user', '--pid', '--fork', '--mount-proc'] as const;
const HAS_SMALL_IDS = spawnSync(SMALL_IDS[0], [...SMALL_IDS.slice(1), 'true']).status === 0;

t.test(
  'a death by signal is known by process ids of any length',
  { skip: HAS_SMALL_IDS ? false : 'no namespace of process ids may be made here' },
  async (t) => {
    const { wrapper, records, env } = recorded(t, 'kill -KILL $$');
    // Not as process 1, which no signal ends.
    const argv = [...SMALL_IDS.slice(1), 'bash', '-c', '"$0"; true', wrapper];
    for (const count of [1, 5, 50, 500]) {
      const waste = `for ((n = 0; n < ${count}; n += 1)); do (:); done; `;
      const script = argv.with(-2, `${waste}"$0"; true`);
      spawnSync(SMALL_IDS[0], script, { env });
      t.match(readRecords(records), [{ code: 0, signal: 9 }], `after ${count} processes`);
    }
  },
);

t.test('an exit code is never taken for a death by signal', async (t) => {
  const { wrapper, records, env } = recorded(t, 'exit 143');
  const told = new Set<number | null | undefined>();
  for (let time = 0; time < 40; time += 1) {
    spawnSync(wrapper, { env });
    told.add(readRecords(records)[0]?.signal);
  }
  t.same([...told], [0]);
});

t.test('arguments, input, environment and functions reach the script as they are', async (t) => {
  const lines = `printf '%s\\0' "$@" >"$FOLDER/arguments"; cat >"$FOLDER/input"; greet; env -0 >"$FOLDER/environment"`;
  const { script, wrapper, folder, env } = recorded(t, lines);
  const given = {
    ...env,
    HOSTNAME: 'login1',
    child: 'a',
    status: 'b',
    signal: 'c',
    SHLVL: '1',
    BASH_ENV: '/dev/null',
    'BASH_FUNC_greet%%': '() { echo "hello $1"; }',
  };
  const read = (name: string) => readFileSync(`${folder}/${name}`, 'utf8').split('\0').sort();
  const options = { env: given, input: 'two\nlines', encoding: 'utf8' } as const;
  const told: string[][] = [];
  for (const program of [script, wrapper]) {
    const { stdout } = spawnSync(program, ARGS, options);
    t.equal(stdout, 'hello \n');
    t.same(readFileSync(`${folder}/arguments`, 'utf8').split('\0').slice(0, -1), ARGS);
    t.equal(readFileSync(`${folder}/input`, 'utf8'), 'two\nlines');
    told.push(read('environment'));
  }
  t.same(told[1], told[0]);
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20);
}

/** Starts the wrapper and waits until the script says that it is ready. */
async function started({ wrapper, folder, env }: Recorded): Promise<ChildProcess> {
  const child = spawn(wrapper, { env, stdio: 'ignore', detached: true });
  await until(() => existsSync(`${folder}/ready`));
  return child;
}

t.test('signals to the batch shell are passed on to the script', async (t) => {
  const at = recorded(
    t,
    `for s in USR1 USR2 HUP INT CONT; do trap "echo $s >>$(printf %q "$FOLDER")/got" $s; done
trap 'echo TERM >>"$FOLDER/got"; sleep 0.3; exit 9' TERM
: >"$FOLDER/ready"
while :; do sleep 0.05; done`,
  );
  const child = await started(at);
  const ended = once(child, 'close');
  const got = () =>
    existsSync(`${at.folder}/got`) ? readFileSync(`${at.folder}/got`, 'utf8').split('\n') : [];
  const names = ['SIGUSR1', 'SIGUSR2', 'SIGHUP', 'SIGINT', 'SIGCONT', 'SIGUSR1', 'SIGTERM'] as const;
  for (const [position, name] of names.entries()) {
    child.kill(name);
    await until(() => got().length === position + 2);
  }
  t.same(got(), [...names.map((name) => name.slice(3)), '']);
  await until(() => readRecords(at.records)[0]?.term !== null);
  t.match(readRecords(at.records), [{ end: null, code: null }], 'SIGTERM is written down at once');
  t.same(await ended, [9, null]);
  t.match(readRecords(at.records), [{ code: 9, signal: 0, term: Number, end: Number }]);
});

t.test('a signal that the script does not catch ends both by it', async (t) => {
  for (let time = 0; time < 20; time += 1) {
    const at = recorded(t, ': >"$FOLDER/ready"; while :; do sleep 0.05; done');
    const child = await started(at);
    const ended = once(child, 'close');
    child.kill('SIGTERM');
    t.same(await ended, [null, 'SIGTERM']);
    t.match(readRecords(at.records), [{ code: 0, signal: 15, term: Number, end: Number }]);
    t.same(readdirSync(at.records), ['806_4.0.json']);
  }
});

t.test('a wrapper that is killed leaves a start without an end', async (t) => {
  const at = recorded(t, ': >"$FOLDER/ready"; sleep 30');
  const child = await started(at);
  const pid = child.pid ?? 0;
  const ended = once(child, 'close');
  const script = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout.trim();
  child.kill('SIGKILL');
  process.kill(-Number(script), 'SIGKILL');
  await ended;
  t.match(readRecords(at.records), [{ start: Number, term: null, end: null, code: null, signal: null }]);
});

t.test('what cannot be recorded runs all the same', async (t) => {
  const { wrapper, records, env, folder } = recorded(t, 'exit 3');
  writeFileSync(
    wrapper,
    wrapperScript([], { indexMap: null, records: `${folder}/no such folder` }, `${folder}/job.sh`),
  );
  const ran = spawnSync(wrapper, { env, encoding: 'utf8' });
  t.equal(ran.status, 3);
  t.match(ran.stderr, /afterok: cannot write the completion record/);
  t.same(readRecords(records), []);
});

t.test('names of the records: single jobs, requeued ones, mapped ones', async (t) => {
  const single = recorded(t, 'exit 0');
  const { SLURM_ARRAY_JOB_ID: _job, SLURM_ARRAY_TASK_ID: _task, ...env } = single.env;
  spawnSync(single.wrapper, { env });
  spawnSync(single.wrapper, { env: { ...env, SLURM_RESTART_COUNT: '2' } });
  t.same(readdirSync(single.records), ['811.0.json', '811.2.json']);
  t.match(readRecords(single.records), [{ job: '811', task: null, index: 0, restart: 2, node: 'n3' }]);
  const mapped = recorded(t, '[ "$SLURM_ARRAY_TASK_ID" = 1207 ]');
  const indexMap = `${mapped.folder}/map`;
  writeFileSync(indexMap, '1001\n1100\n1207\n');
  writeFileSync(mapped.wrapper, wrapperScript([], { indexMap, records: mapped.records }, mapped.script));
  spawnSync(mapped.wrapper, { env: { ...mapped.env, SLURM_ARRAY_TASK_ID: '2' } });
  t.match(readRecords(mapped.records), [{ job: '806', task: 2, index: 1207, code: 0 }]);
});

t.test('the files of a round whose attempts are recorded', async (t) => {
  const paths = new ChainPaths(new TrackerPaths(t.testdir({})), CHAIN);
  mkdirSync(`${paths.folder}/script`, { recursive: true });
  writeFileSync(paths.script('job.sh'), JOB);
  const evidence = { accounting: false, records: true, comments: false };
  writeRoundFiles(checkpoint({ evidence }), round([roundJob()], { number: 3 }), paths);
  t.same(readdirSync(paths.records(3)), []);
  const ran = runTask(paths.folder, paths.wrapper(3, 1, 'job.sh'), 5, 'out.txt');
  t.same([ran.status, ran.output], [7, 'task 5 of 806\n']);
  t.same(ran.args, ARGS);
  t.match(readRecords(paths.records(3)), [{ job: '806', task: 5, code: 7 }]);
});
