import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { renderHelp } from '../../lib/cli/help.js';
import { MEM_ESCALATE } from '../../lib/cli/mem-escalate/spec.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { fakeSlurm, type Ran } from '../fake-slurm.js';

const { version } = JSON.parse(readFileSync(`${PACKAGE_ROOT}package.json`, 'utf8')) as { version: string };

/** Runs the command in a folder with a script, a ladder and fake Slurm commands. */
async function run(t: Test, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> {
  return await fakeSlurm(t).run('bin/mem-escalate', args, env, input);
}

/** Runs the tests side by side: each of them waits for a process. */
function table<T extends readonly [name: string, ...rest: unknown[]]>(
  name: string,
  rows: readonly T[],
  test: (t: Test, row: T) => Promise<void>,
) {
  t.test(name, async (t) => {
    t.jobs = 4;
    for (const row of rows) t.test(row[0], { buffered: true }, (t) => test(t, row));
  });
}

const HELP = renderHelp(MEM_ESCALATE);

const ANSWERS: [name: string, args: string[], input: string, stdout: string][] = [
  ['help', ['--help'], '', HELP],
  ['help by letter', ['-h'], '', HELP],
  ['help for no arguments', [], '', HELP],
  ['help beside other options', ['--wait', '--help'], '', HELP],
  ['version', ['--version'], '', `afterok ${version}\n`],
  ['compress', ['compress', '8', '18', '28', '38'], '', '8-38:10\n'],
  ['compress with commas', ['compress', '3,1,2', '7'], '', '1-3,7\n'],
  ['compress specs', ['compress', '0-9:3', '1,2'], '', '0-3,6,9\n'],
  ['compress standard input', ['compress'], '5\n15\n25\n\n', '5-25:10\n'],
  ['compress nothing', ['compress'], '', '\n'],
  ['expand', ['expand', '8-38:10'], '', '8\n18\n28\n38\n'],
  ['expand a union', ['expand', '3-9:3,4-8:2%5'], '', '3\n4\n6\n8\n9\n'],
];

table('answers on stdout alone', ANSWERS, async (t, [, args, input, stdout]) => {
  t.same(await run(t, args, {}, input), { status: 0, signal: null, stdout, stderr: '' });
});

t.test('expand writes long lists whole', async (t) => {
  const { stdout, status } = await run(t, ['expand', '0-99999']);
  t.equal(status, 0);
  t.equal(stdout.length, 588_890);
  t.ok(stdout.endsWith('\n99999\n'));
});

const LADDER = ['-c', 'ladder.yaml'];

const REFUSED: [name: string, args: string[], status: number, message: string | RegExp][] = [
  [
    'an unknown option',
    ['--aray=0-9', 'job.sh'],
    2,
    'unknown option --aray; did you mean --array? (mem-escalate --help lists the options)',
  ],
  ['an option of sbatch', ['--mem=4G', 'job.sh'], 2, /^unknown option --mem; did you mean/],
  ['two modes', ['--list', '--cancel', '20251224-053904-t0l3'], 2, '--list and --cancel cannot be combined'],
  ['a mode with a script', ['--list', 'job.sh'], 2, '--list takes no script, found job.sh'],
  ['no script', ['--array=0-9'], 2, 'no script given (mem-escalate [options] <script> [script-args...])'],
  [
    'a script that is not there',
    [...LADDER, 'none.sh'],
    2,
    'cannot read script none.sh: ENOENT: no such file or directory',
  ],
  ['a ladder that is not there', ['-c', 'none.yaml', 'job.sh'], 2, /^cannot read ladder none\.yaml: ENOENT/],
  ['a bad ladder', ['-c', 'job.sh', 'job.sh'], 2, /^job\.sh:1:1: must be object/],
  [
    'a bad array',
    [...LADDER, '-a', '0-9,5', 'job.sh'],
    2,
    '--array 0-9,5: index 5 is named twice (for example 0-99, 1,3,5-7:2 or 0-999%50)',
  ],
  [
    'a bad throttle',
    [...LADDER, '-t', '0', 'job.sh'],
    2,
    '--throttle 0: expected a whole number of at least 1',
  ],
  [
    'a bad cap',
    [...LADDER, '--max-attempts=0', 'job.sh'],
    2,
    '--max-attempts 0: expected a whole number of at least 1',
  ],
  [
    'hours in words',
    [...LADDER, '--max-core-hours', 'few', 'job.sh'],
    2,
    '--max-core-hours few: expected a number above 0, such as 500',
  ],
  ['no hours', [...LADDER, '--max-core-hours=0', 'job.sh'], 2, /^--max-core-hours 0: expected/],
  ['a bad wall time', [...LADDER, '--max-wall=soon', 'job.sh'], 2, /^--max-wall: invalid time "soon"/],
  [
    'a first round beyond its cap',
    [...LADDER, '--dry-run', '-a', '0-9', '--max-attempts=9', 'job.sh'],
    2,
    /^the first round has 10 tasks, the chain is capped at 9 attempts \(raise --max-attempts/,
  ],
  ['a bad level', [...LADDER, '-l', 'top', 'job.sh'], 2, /^--max-level top: expected a whole number/],
  [
    'a bad memory',
    [...LADDER, '--start-mem', 'lots', 'job.sh'],
    2,
    /^--start-mem: invalid memory size "lots"/,
  ],
  [
    'a start above the end',
    [...LADDER, '--start-mem=4G', '-l', '0', 'job.sh'],
    2,
    '--start-mem starts at level 1, above --max-level 0',
  ],
  [
    'a reserved option',
    [...LADDER, '--sbatch', '--mem=4G', 'job.sh'],
    2,
    /^--sbatch: --mem cannot be passed on/,
  ],
  [
    'a partition that is not there',
    [...LADDER, '-p', 'nope', 'job.sh'],
    2,
    /^ladder\.yaml: level 0 can never run: no partition nope/,
  ],
  ['no chain', ['--resume', 'nonsense'], 2, /^--resume "nonsense": expected a chain id such as/],
  ['an unknown chain', ['--cancel', '20251224-053904-t0l3'], 2, /^no chain 20251224-053904-t0l3 in /],
  ['indices that are none', ['compress', '1', 'x'], 2, /^bad array part "x"/],
  ['an index too large', ['compress', '9999999999'], 2, /^bad array index 9999999999/],
  ['a spec that is none', ['expand', '5-2'], 2, /^bad array part "5-2"/],
  ['too long a list', ['expand', '0-2147483647'], 2, /at most 10000000 are allowed$/],
  ['two specs', ['expand', '1', '2'], 2, /^expected one spec/],
];

table('errors are one line, and nothing is written', REFUSED, async (t, [, args, status, message]) => {
  const slurm = fakeSlurm(t);
  const before = readdirSync(slurm.folder);
  const ran = await slurm.run('bin/mem-escalate', args);
  t.match(ran, { status, stdout: '' });
  t.match(ran.stderr, /^mem-escalate: error: [^\n]*\n$/);
  t.match(
    ran.stderr
      .slice('mem-escalate: error: '.length)
      .replace(/ \(see [^)]*\)/, '')
      .trim(),
    message,
  );
  t.same(readdirSync(slurm.folder), before, 'no tracker, no output');
  t.same(slurm.accepted, []);
});

t.test('with -f json an error is JSON on stdout as well', async (t) => {
  for (const words of [['-f', 'json'], ['--format=json']]) {
    const { status, stdout, stderr } = await run(t, [...words, '--aray=1', 'job.sh']);
    t.equal(status, 2);
    t.match(stderr, /^mem-escalate: error: unknown option --aray/);
    t.same(JSON.parse(stdout), {
      error: {
        code: 'bad-option',
        message: 'unknown option --aray; did you mean --array?',
        hint: 'mem-escalate --help lists the options',
      },
    });
  }
});

t.test('without Slurm on PATH', async (t) => {
  const slurm = fakeSlurm(t);
  const path = `${slurm.folder}/no-slurm`;
  mkdirSync(path);
  symlinkSync('/bin/bash', `${path}/bash`);
  const before = readdirSync(slurm.folder);
  const ran = await slurm.run('bin/mem-escalate', [...LADDER, '-f', 'json', '-a', '0-9', 'job.sh'], {
    PATH: path,
  });
  t.equal(ran.status, 1);
  t.match(
    ran.stderr,
    /^mem-escalate: error: (sinfo|scontrol) is not on PATH \(load your site's Slurm module/,
  );
  t.match(JSON.parse(ran.stdout), { error: { code: 'slurm-missing' } });
  t.same(readdirSync(slurm.folder), before);
});

t.test('a dry run says what would be submitted, and submits nothing', async (t) => {
  const slurm = fakeSlurm(t);
  const before = readdirSync(slurm.folder);
  const { status, stdout, stderr } = await slurm.run('bin/mem-escalate', [
    ...LADDER,
    '--dry-run',
    '-a',
    '0-9',
    'job.sh',
    'two words',
  ]);
  t.match({ status, stderr }, { status: 0, stderr: '' });
  const lines = stdout.trim().split('\n');
  t.match(lines, [
    /^# dry run: 10 tasks, nothing is submitted/,
    /^sbatch --parsable --hold --comment=afterok:\S+:r1:j1 --array=0-9 --partition=devel,day --mem=1G .*job\.sh 'two words'$/,
    /^sbatch --parsable .* --dependency=afternotok:<job> .*on-failure\.sh$/,
    /^sbatch --parsable .* --dependency=afterok:<job> .*on-success\.sh$/,
    /^scontrol release <job>$/,
  ]);
  t.equal(lines.length, 5);
  t.same(readdirSync(slurm.folder), before);
});

t.test('--start-mem and --max-level', async (t) => {
  const dry = (...words: string[]) => run(t, [...LADDER, '--dry-run', ...words, 'job.sh']);
  t.match((await dry('--start-mem=4096M')).stdout, /--partition=week --mem=4G /, 'in any spelling');
  const unknown = await dry('--start-mem=3G');
  t.match(unknown.stdout, /--mem=1G /);
  t.equal(unknown.stderr, 'mem-escalate: warning: no level has 3G, starting at level 0\n');
  t.equal((await dry('--max-level=99')).status, 0, 'it caps, it does not lengthen');
});

t.test('caps of the command line stand above those of the ladder', async (t) => {
  const slurm = fakeSlurm(t);
  const ladder = readFileSync(`${slurm.folder}/ladder.yaml`, 'utf8');
  slurm.write('ladder.yaml', `${ladder}limits: { attempts: 50, core_hours: 5, wall_time: "1-0" }\n`);
  const options = ['--max-attempts=60', '--max-wall=UNLIMITED', '-a', '0-9'];
  const words = [...LADDER, '--tracker=tracker', '--parsable', ...options, 'job.sh'];
  const { stdout } = await slurm.run('bin/mem-escalate', words);
  const kept = readFileSync(`${slurm.folder}/tracker/checkpoints/${stdout.trim()}.checkpoint`, 'utf8');
  const { caps } = (JSON.parse(kept) as Checkpoint).ladder;
  t.same(caps, { attempts: 60, coreHours: 5, wallTime: null });
});

t.test('submits, in three voices', async (t) => {
  const slurm = fakeSlurm(t);
  const submit = (...words: string[]) =>
    slurm.run('bin/mem-escalate', [...LADDER, '--tracker=tracker', ...words, '-a', '0-9', 'job.sh']);
  t.match(await submit('--parsable'), { status: 0, stdout: /^\d{8}-\d{6}-[a-z0-9]{4}\n$/, stderr: '' });
  const json = JSON.parse((await submit('-f', 'json')).stdout) as Record<string, unknown>;
  t.match(json, {
    chain: /^\d{8}-/,
    checkpoint: /tracker\/checkpoints\/.*\.checkpoint$/,
    jobs: [{ job: /^\d+$/, array: '0-9', tasks: 10, level: 0 }],
    handlers: [{ trigger: 'afternotok' }, { trigger: 'afterok' }],
  });
  t.match(
    (await submit()).stdout,
    /^Submitted chain \S+: job \d+ \(10 tasks\), handlers \d+ \(afternotok\), \d+ \(afterok\)$/m,
  );
  t.equal(slurm.accepted.length, 9);
});
