import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { readRecords } from '../../lib/chain/completion-records.js';
import { wrapperScript } from '../../lib/chain/wrapper-script.js';
import { ARGS, ODD } from './odd-text.js';

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
