import { writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { ChainRequest } from '../../lib/chain/checkpoint.js';
import { excludedByPerson } from '../../lib/chain/exclude-option.js';
import { sha256 } from '../../lib/chain/kept-script.js';
import { type ChainWish, type CheckedRequest, checkRequest } from '../../lib/chain/request.js';
import type { AfterokError } from '../../lib/errors.js';

const PLAIN = '#!/bin/bash\necho hello\n';

interface Asked extends Partial<Omit<ChainWish, 'script'>> {
  /** Text of the script. */
  text?: string;
  script?: string;
  env?: NodeJS.ProcessEnv;
}

function check(t: Test, { text = PLAIN, env = {}, ...wish }: Asked): CheckedRequest {
  const folder = t.testdir({ 'job.sh': text, folder: {} });
  const asked: ChainWish = {
    script: 'job.sh',
    args: [],
    array: null,
    throttle: null,
    exports: [],
    sbatchOptions: [],
    startLevel: 0,
    maxLevel: 3,
    ...wish,
  };
  return checkRequest(asked, env, folder);
}

/** A script with these `#SBATCH` lines. */
const script = (...directives: string[]) =>
  `#!/bin/bash\n${directives.map((line) => `#SBATCH ${line}\n`).join('')}echo hello\n`;

t.test('a plain request', async (t) => {
  const { request, scriptContent, ...rest } = check(t, { args: ['a b', '-x'], array: '0-9', throttle: 4 });
  t.match(request.script, { name: 'job.sh', sha256: sha256(PLAIN), path: `${request.cwd}/job.sh` });
  t.same(scriptContent.toString(), PLAIN);
  t.same(rest, { variables: {}, tasks: 10, account: null, qos: null });
  const { script: _script, cwd: _cwd, ...kept } = request;
  t.same(kept, {
    args: ['a b', '-x'],
    array: '0-9',
    throttle: 4,
    export: { mode: 'ALL', names: [] },
    options: [],
    firstRoundOptions: [],
    comment: null,
    exclude: null,
    output: null,
    error: null,
    startLevel: 0,
    maxLevel: 3,
  });
});

/** What is asked for, the error's code, and how its message begins. */
const REFUSED: [string, Asked, AfterokError['code'], RegExp][] = [
  [
    'no such script',
    { script: 'none.sh' },
    'bad-script',
    /^cannot read script none\.sh: ENOENT: no such file or directory$/,
  ],
  ['a folder', { script: 'folder' }, 'bad-script', /^folder is not a file$/],
  ['an empty script', { text: '' }, 'bad-script', /^job\.sh: .*expected more than empty lines/],
  [
    'no interpreter',
    { text: 'echo\n' },
    'bad-script',
    /^job\.sh: invalid batch script line 1 "echo": expected #!/,
  ],
  ['DOS line ends', { text: '#!/bin/sh\r\necho\r\n' }, 'bad-script', /^job\.sh: .*line 1.*UNIX line ends/],
  ['a hetjob', { text: script('hetjob') }, 'bad-script', /^job\.sh: heterogeneous jobs cannot be escalated$/],
  ['an open quote', { text: script('--comment="x') }, 'bad-script', /^job\.sh: .*a closing "/],
  [
    'an unknown directive',
    { text: script('--partitoin=day') },
    'bad-option',
    /^job\.sh: .*nearest is --partition$/,
  ],
  [
    'an unknown option',
    { sbatchOptions: ['--partitoin=day'] },
    'bad-option',
    /^--sbatch: .*nearest is --partition$/,
  ],
  ['a directive without value', { text: script('-p') }, 'bad-option', /^job\.sh: .*--partition=VALUE/],
  ['overlapping runs', { array: '1-10,5' }, 'bad-array', /^--array 1-10,5: index 5 is named twice$/],
  ['overlapping strides', { array: '0-8:2,0-9:3' }, 'bad-array', /index 0 is named twice$/],
  ['a negative index', { array: '-1' }, 'bad-array', /^--array -1: bad array part "-1"/],
  [
    'too many tasks',
    { array: '0-99999999' },
    'bad-array',
    /names 100000000 tasks: at most 4000001 are allowed$/,
  ],
  ['no index', { array: '' }, 'bad-array', /^--array : bad array part ""/],
  ['a word', { array: 'all' }, 'bad-array', /^--array all: /],
  ['a backward range', { array: '5-2' }, 'bad-array', /must not be below the first, 5$/],
  ["an array of the script's that is wrong", { text: script('--array=x') }, 'bad-array', /^--array x: /],
  ['a bad export', { exports: ['1=2'] }, 'bad-option', /^--export "1=2": expected NAME=VALUE/],
  [
    'a variable that is not there',
    { exports: ['NOPE'] },
    'bad-option',
    /^--export NOPE: there is no such variable/,
  ],
];

t.test('says what is wrong, on one line', async (t) => {
  for (const [what, asked, code, message] of REFUSED) {
    t.throws(() => check(t, asked), { name: 'AfterokError', code, exitCode: 2, message }, what);
  }
});

/** Options of sbatch that the chain sets itself, and the advice. */
const RESERVED: [string[], RegExp][] = [
  [['--array=0-9'], /--array cannot be passed on: use --array of mem-escalate/],
  [['-a', '0-9'], /--array cannot/],
  [['--mem=4G'], /--mem cannot be passed on: the ladder sets it; use --config or --start-mem/],
  [['--mem-per-cpu=1G'], /--mem-per-cpu cannot be passed on: the ladder sets --mem/],
  [['--mem-per-gpu=1G'], /the ladder sets --mem/],
  [['-t', '10'], /--time cannot be passed on: the ladder sets it; use --config/],
  [['--export=ALL'], /use --export of mem-escalate/],
  [['--nice', '-H'], /--hold cannot be passed on: the chain holds and releases/],
  [['-W'], /--wait cannot be passed on: use --wait of mem-escalate/],
  [['--wrap=true'], /give a script/],
  [['--parsable'], /use --parsable of mem-escalate/],
  [['--test-only'], /use --dry-run/],
  [['--requeue'], /the chain retries/],
  [['-M', 'other'], /--clusters cannot be passed on: a chain lives on one cluster/],
];

t.test('options that the chain sets are refused with advice', async (t) => {
  for (const [sbatchOptions, message] of RESERVED) {
    t.throws(() => check(t, { sbatchOptions }), { code: 'bad-option', message }, sbatchOptions.join(' '));
  }
});

t.test('in the script only what cannot be overridden is refused', async (t) => {
  for (const line of [
    '--wait',
    '--test-only',
    '--clusters=x',
    '--hold',
    '--mem-per-cpu=1G',
    '--mem-per-gpu=1G',
  ]) {
    t.throws(() => check(t, { text: script(line) }), { code: 'bad-option', message: /^job\.sh: --/ }, line);
  }
  for (const line of ['--mem=4G', '--time=10', '--requeue', '--parsable', '--partition=x']) {
    t.doesNotThrow(() => check(t, { text: script(line) }), line);
  }
});

function requestOf(t: Test, asked: Asked): ChainRequest {
  return check(t, asked).request;
}

t.test('#SBATCH --array', async (t) => {
  const text = script('--array=0-99:2%5');
  t.match(requestOf(t, { text }), { array: '0-98:2', throttle: 5 });
  t.equal(check(t, { text }).tasks, 50);
  t.match(requestOf(t, { text, throttle: 9 }), { array: '0-98:2', throttle: 9 });
  t.match(
    requestOf(t, { text, array: '7' }),
    { array: '7', throttle: null },
    'the command line stands above it',
  );
  t.match(requestOf(t, { text: script('--array=1', '-a 2-3') }), { array: '2-3' }, 'the last one counts');
  t.match(requestOf(t, { text: `${PLAIN}#SBATCH --array=0-9\n` }), { array: null }, 'not behind a command');
  t.match(requestOf(t, { array: '3,1,2%0' }), { array: '1-3', throttle: null });
});

t.test('#SBATCH --output, --comment, --account, --qos, and options above them', async (t) => {
  const text = script('--output=logs/%a.out --comment "my run"', '-A lab', '--qos', 'normal # a comment');
  const plain = check(t, { text });
  t.match(plain.request, { output: 'logs/%a.out', comment: 'my run', options: [] });
  t.match(plain, { account: 'lab', qos: 'normal' });
  const options = ['--output=x.out', '--comment=mine', '--account=other', '--qos=high', '--nice'];
  const above = check(t, { text, sbatchOptions: options });
  t.match(above.request, { output: 'x.out', comment: 'mine' });
  t.same(
    above.request.options,
    ['--output=x.out', '--account=other', '--qos=high', '--nice'],
    'the comment goes into ours',
  );
  t.match(above, { account: 'other', qos: 'high' });
});

t.test('--exclude goes into ours, which would replace it', async (t) => {
  const text = script('--exclude=n1');
  const excluded = (sbatchOptions: string[]) => check(t, { text, sbatchOptions }).request;
  t.match(excluded([]), { exclude: 'n1', options: [] }, 'that of the script as well');
  t.match(excluded(['--nice', '--exclude=n[2-3],n7']), { exclude: 'n[2-3],n7', options: ['--nice'] });
  t.equal(excluded(['-x', 'n2', '-xn3']).exclude, 'n3', 'the last one counts');
  t.equal(excluded(['--exclude=']).exclude, null, 'none');
});

t.test('--exclude can name a file of nodes', async (t) => {
  const { cwd } = check(t, {}).request;
  writeFileSync(`${cwd}/bad-nodes`, '# seen on Friday\nn1, n[2,4-5]\n\nn7 n8 # slow\n');
  t.equal(excludedByPerson('./bad-nodes', cwd), 'n1,n[2,4-5],n7,n8');
  writeFileSync(`${cwd}/bad-nodes`, '\n');
  t.equal(excludedByPerson(`${cwd}/bad-nodes`, '/'), null);
  t.throws(() => excludedByPerson('./none', cwd), {
    code: 'bad-option',
    message: /^--exclude: cannot read /,
  });
});

t.test('conditions of the first start are not repeated', async (t) => {
  const sbatchOptions = ['-d', 'afterok:5', '--nice=5', '--begin=now+60', '--deadline=2030-01-01', '-J', 'x'];
  t.match(requestOf(t, { sbatchOptions }), {
    options: ['--nice=5', '-J', 'x'],
    firstRoundOptions: ['-d', 'afterok:5', '--begin=now+60', '--deadline=2030-01-01'],
  });
});

const ENV = { HOME: '/home/ada', LIST: 'a,b' };

/** `--export` in the script, on the command line, what is exported, and the variables that are set. */
const EXPORTS: [string | null, string[], ChainRequest['export'], Record<string, string>][] = [
  [null, [], { mode: 'ALL', names: [] }, {}],
  [null, ['A=1,B=2'], { mode: 'ALL', names: ['A', 'B'] }, { A: '1', B: '2' }],
  [null, ['A=1', 'A=2', 'LIST'], { mode: 'ALL', names: ['A', 'LIST'] }, { A: '2' }],
  [null, ['NONE', 'A=1'], { mode: 'NONE', names: ['A'] }, { A: '1' }],
  [null, ['NIL'], { mode: 'NIL', names: [] }, {}],
  [null, ['MODE=NONE'], { mode: 'ALL', names: ['MODE'] }, { MODE: 'NONE' }],
  ['ALL', [], { mode: 'ALL', names: [] }, {}],
  ['NONE', [], { mode: 'NONE', names: [] }, {}],
  ['NIL', [], { mode: 'NIL', names: [] }, {}],
  ['NONE', ['A=1'], { mode: 'NONE', names: ['A'] }, { A: '1' }],
  ['NONE', ['ALL'], { mode: 'ALL', names: [] }, {}],
  ['NONE', ['MODE=ALL'], { mode: 'NONE', names: ['MODE'] }, { MODE: 'ALL' }],
  // A list without ALL passes nothing else, and what it sets is set.
  ['HOME', [], { mode: 'NONE', names: ['HOME'] }, {}],
  ['HOME,A=1', [], { mode: 'NONE', names: ['A', 'HOME'] }, { A: '1' }],
  ['ALL,A=1', [], { mode: 'ALL', names: ['A'] }, { A: '1' }],
  ['ALL,A=1', ['A=2'], { mode: 'ALL', names: ['A'] }, { A: '2' }],
  ['A=ALL', [], { mode: 'NONE', names: ['A'] }, { A: 'ALL' }],
];

t.test('#SBATCH --export and --export', async (t) => {
  for (const [inScript, exports, expected, set] of EXPORTS) {
    const text = inScript === null ? PLAIN : script(`--export=${inScript}`);
    const { request, variables } = check(t, { text, exports, env: ENV });
    t.same([request.export, variables], [expected, set], `${inScript} ${exports.join(' ')}`);
  }
});
