import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Bench, LADDER, PLAN_JOB } from './harness.js';

t.jobs = 4;

const LEVEL = '{partition: day, mem: 64M, time: "00:01:00"}';

/** What is wrong, what is given for it (a folder holds job.sh and ladder.yaml), the exit code, the message. */
interface Refusal {
  what: string;
  args: readonly string[];
  ladder?: string;
  script?: string;
  env?: NodeJS.ProcessEnv;
  code: number;
  says: RegExp;
}

const JOB = ['-a', '0-3', 'job.sh'];

const REFUSALS: readonly Refusal[] = [
  { what: 'no script', args: ['-a', '0-3'], code: 2, says: /no script given/ },
  { what: 'a missing script', args: ['-a', '0-3', 'nowhere.sh'], code: 2, says: /nowhere\.sh/ },
  { what: 'a folder as script', args: ['-a', '0-3', '.'], code: 2, says: /not a file/ },
  { what: 'no interpreter', args: JOB, script: 'echo\n', code: 2, says: /job\.sh.*#!/ },
  { what: 'DOS line ends', args: JOB, script: '#!/bin/bash\r\necho\r\n', code: 2, says: /line 1.*DOS/ },
  { what: 'an empty script', args: JOB, script: '', code: 2, says: /job\.sh/ },
  { what: 'a missing ladder', args: ['-c', 'nowhere.yaml', ...JOB], code: 2, says: /nowhere\.yaml/ },
  { what: 'no YAML', args: JOB, ladder: 'levels: [\n', code: 2, says: /ladder\.yaml:\d+:\d+: / },
  { what: 'an empty ladder', args: JOB, ladder: '', code: 2, says: /ladder\.yaml:1:1: / },
  {
    what: 'an unknown key',
    args: JOB,
    ladder: `levels:\n  - ${LEVEL.replace('mem', 'men')}\n`,
    code: 2,
    says: /ladder\.yaml:2:\d+: .*"men".*"mem"/,
  },
  {
    what: 'no memory size',
    args: JOB,
    ladder: `levels:\n  - ${LEVEL.replace('64M', 'much')}\n`,
    code: 2,
    says: /ladder\.yaml:2:\d+: .*much/,
  },
  {
    what: 'an unknown state',
    args: JOB,
    ladder: `${LADDER}state_handling:\n  OUT_OF_MEMROY: escalate\n`,
    code: 2,
    says: /ladder\.yaml:7:3: .*OUT_OF_MEMORY/,
  },
  {
    what: 'an unknown action',
    args: JOB,
    ladder: `${LADDER}state_handling:\n  TIMEOUT: climb\n`,
    code: 2,
    says: /ladder\.yaml:7:\d+: .*escalate, retry, no_retry/,
  },
  {
    what: 'a ladder that shrinks',
    args: JOB,
    ladder: `${LADDER}  - {partition: pi_jetz, mem: 32M}\n`,
    code: 2,
    says: /ladder\.yaml:6:\d+: .*shrinks/,
  },
  {
    what: 'a level of too much memory',
    args: JOB,
    ladder: `${LADDER}  - {partition: pi_jetz, mem: 64G}\n`,
    code: 2,
    says: /level 4 can never run.*pi_jetz.*64G/,
  },
  {
    what: 'a level of too much time',
    args: JOB,
    ladder: `levels:\n  - {partition: week, time: "01:00:00"}\n`,
    code: 2,
    says: /level 0 can never run.*week/,
  },
  {
    what: 'a level in an unknown partition',
    args: JOB,
    ladder: `levels:\n  - {partition: dya}\n`,
    code: 2,
    says: /no partition dya/,
  },
  { what: 'an unknown option', args: ['--arry', '0-3', 'job.sh'], code: 2, says: /--arry.*--array/ },
  {
    what: 'an option without its value',
    args: ['-a', 'job.sh'],
    code: 2,
    says: /no script given/,
  },
  {
    what: 'two selecting options',
    args: ['--list', '--status', '20200101-000000-aaaa'],
    code: 2,
    says: /cannot be combined/,
  },
  { what: 'an overlapping array', args: ['-a', '0-5,3', 'job.sh'], code: 2, says: /index 3 is named twice/ },
  { what: 'a negative array', args: ['--array=-3', 'job.sh'], code: 2, says: /--array -3/ },
  { what: 'an array that runs backwards', args: ['-a', '5-2', 'job.sh'], code: 2, says: /--array 5-2/ },
  { what: 'an absurd array', args: ['-a', '0-99999999', 'job.sh'], code: 2, says: /--array 0-99999999/ },
  { what: 'no array', args: ['-a', 'all', 'job.sh'], code: 2, says: /--array all/ },
  { what: 'a throttle of 0', args: ['-t', '0', ...JOB], code: 2, says: /--throttle 0/ },
  { what: 'a negative level', args: ['--max-level=-1', ...JOB], code: 2, says: /--max-level -1/ },
  {
    what: 'no memory size to start from',
    args: ['--start-mem', 'lots', ...JOB],
    code: 2,
    says: /--start-mem.*lots/,
  },
  {
    what: 'an option that the ladder sets',
    args: ['--sbatch', '--mem=1G', '--', ...JOB],
    code: 2,
    says: /--mem cannot be passed on/,
  },
  {
    what: 'a variable that is not there',
    args: ['-e', 'NO_SUCH_VARIABLE', ...JOB],
    code: 2,
    says: /NO_SUCH_VARIABLE/,
  },
  {
    what: 'a tracker below a file',
    args: ['--tracker', 'job.sh/tracker', ...JOB],
    code: 1,
    says: /tracker folder .*job\.sh\/tracker/,
  },
  {
    what: 'a tracker that cannot be made',
    args: ['--tracker', '/proc/afterok', ...JOB],
    code: 1,
    says: /\/proc\/afterok/,
  },
  {
    what: 'the status of an unknown chain',
    args: ['--status', '20200101-000000-aaaa'],
    code: 2,
    says: /no chain 20200101-000000-aaaa/,
  },
  {
    what: 'the status of no chain id',
    args: ['--status', '../../etc'],
    code: 2,
    says: /expected a chain id/,
  },
  {
    what: 'cancelling an unknown chain',
    args: ['--cancel', '20200101-000000-aaaa'],
    code: 2,
    says: /no chain 20200101-000000-aaaa/,
  },
  {
    what: 'resuming an unknown chain',
    args: ['--resume', '20200101-000000-aaaa'],
    code: 2,
    says: /no chain 20200101-000000-aaaa/,
  },
  {
    what: 'the report of an unknown chain',
    args: ['--report', '20200101-000000-aaaa'],
    code: 2,
    says: /no chain 20200101-000000-aaaa/,
  },
];

async function assertRefused(t: Test, bench: Bench, refusal: Refusal): Promise<void> {
  const { what, args, ladder, script, env, code, says } = refusal;
  const folder = join(bench.folder, what.replaceAll(' ', '-'));
  const tracker = join(folder, 'tracker');
  mkdirSync(folder);
  writeFileSync(join(folder, 'escalation-config.yaml'), LADDER);
  writeFileSync(join(folder, 'job.sh'), script ?? readFileSync(PLAN_JOB));
  if (ladder !== undefined) writeFileSync(join(folder, 'ladder.yaml'), ladder);
  const config = ladder === undefined ? [] : ['-c', 'ladder.yaml'];
  const end = await bench.run([...config, ...args], { AFTEROK_TRACKER: tracker, ...env }, folder);
  t.match(end.stderr, says);
  t.match(end.stderr, /^mem-escalate: error: [^\n]*\n$/, 'one line');
  t.equal(end.stdout, '');
  t.equal(end.code, code);
  const written = ['checkpoints', 'chains'].map((name) => join(tracker, name)).filter(existsSync);
  t.strictSame(
    written.flatMap((path) => readdirSync(path)),
    [],
    'nothing is written',
  );
}

t.test('what cannot work is refused in one line, and nothing is submitted or written', async (t) => {
  const bench = await Bench.open(t);
  const spy = join(bench.folder, 'submitted');
  const spied = await bench.wrapper('sbatch', `echo "$@" >>'${spy}'; exec "$REAL" "$@"`);
  t.jobs = 4;
  const checks = REFUSALS.map((refusal) =>
    t.test(refusal.what, (t) => assertRefused(t, bench, { ...refusal, env: spied })),
  );
  await Promise.all(checks);
  t.notOk(existsSync(spy), 'sbatch was never called');
});

t.test('a machine without Slurm', async (t) => {
  const bench = await Bench.open(t);
  symlinkSync('/bin/bash', join(bench.folder, 'bash'));
  const env = { PATH: bench.folder };
  await assertRefused(t, bench, { what: 'no Slurm', args: JOB, env, code: 1, says: /not on PATH/ });
});

t.test('a first round that sbatch refuses leaves nothing behind', async (t) => {
  const bench = await Bench.open(t);
  const PATH = await bench.wrapper(
    'sbatch',
    `echo 'sbatch: error: Batch job submission failed: Invalid qos specification' >&2; exit 1`,
  );
  const { code, stdout, stderr } = await bench.trySubmit({ array: '0-3', env: PATH });
  t.equal(code, 1);
  t.equal(stdout, '');
  t.match(stderr, /^mem-escalate: error: [^\n]*Invalid qos specification[^\n]*\n$/);
  t.strictSame(bench.chainIds(), []);
  t.strictSame(readdirSync(join(bench.tracker, 'chains')), []);
});

t.test(
  'a later round that sbatch refuses: the chain is kept with the reason, and resumed once that is mended',
  async (t) => {
    const bench = await Bench.open(t);
    const mended = join(bench.folder, 'mended');
    const env = await bench.wrapper(
      'sbatch',
      `[[ " $* " != *' --mem=128M '* || -e ${mended} ]] && exec "$REAL" "$@"
echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified' >&2
exit 1`,
    );
    const chain = await bench.submit({ array: '0-2', plan: { 0: 'ok', '*': 'exit:137 ok' }, env });
    const blocked = await chain.waitForEnd('blocked');
    t.match(blocked.reason, /Invalid account/);
    await chain.untilLeftovers(0);
    const status = await chain.run('--status');
    t.match(status.stdout, /BLOCKED[\s\S]*Invalid account/);
    const still = await chain.run('--resume');
    t.equal(still.code, 1, 'nothing is mended yet');
    t.equal(chain.checkpoint().state, 'blocked');
    writeFileSync(mended, '');
    t.equal((await chain.run('--resume')).code, 0);
    await chain.waitForEnd('completed');
    t.strictSame(chain.marks(), ['0 0', '1 0', '1 1', '2 0', '2 1']);
    await chain.assertSound(t);
  },
);

t.test('an answer of sbatch that is lost: the job is found by its token, not submitted twice', async (t) => {
  const bench = await Bench.open(t);
  const lost = join(bench.folder, 'lost');
  mkdirSync(lost);
  // The first answer under each token is lost, after the job has been submitted.
  const env = await bench.wrapper(
    'sbatch',
    `answer=$("$REAL" "$@") || exit
token=$(grep -o 'afterok:[^ ]*' <<<"$*" | head -n 1 | tr : _)
if mkdir "${lost}/$token" 2>/dev/null; then
  echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
  exit 1
fi
echo "$answer"`,
  );
  const chain = await bench.submit({ array: '0-2', plan: { 0: 'ok', '*': 'exit:137 ok' }, env });
  await chain.waitForEnd('completed');
  t.equal(readdirSync(lost).length, 6, 'two arrays and four handlers lost their answer');
  t.strictSame(chain.marks(), ['0 0', '1 0', '1 1', '2 0', '2 1']);
  await chain.assertSound(t);
});

t.test('an sbatch that prints banners around the id', async (t) => {
  const bench = await Bench.open(t);
  const env = await bench.wrapper(
    'sbatch',
    `echo 'Welcome to the cluster. 2 maintenance windows in 2031.'; echo '*** 12345 ***'
echo 'sbatch: note: default account used' >&2
"$REAL" "$@"; end=$?; echo 'Your quota: 17 of 100'; exit $end`,
  );
  const chain = await bench.submit({ array: '0-1', plan: { '*': 'exit:137 ok' }, env });
  await chain.waitForEnd('completed');
  await chain.assertSound(t);
});
