import t from 'tap';
import { Desk } from './desk.js';

/** What sbatch is asked, and what it says on stderr, exactly; it exits with 1 unless the case says otherwise. */
interface Refusal {
  args: readonly string[];
  stderr: string;
  code?: number;
}

const failed = (reason: string) => `sbatch: error: Batch job submission failed: ${reason}\n`;
const unrecognized = (option: string) =>
  `sbatch: unrecognized option '${option}'\nTry "sbatch --help" for more information\n`;
const invalid = (option: string) => `sbatch: error: Invalid --${option} specification\n`;

const BAD_ARRAY = failed('Invalid job array specification');
const TOO_LONG = failed('Pathname of a file, directory or other parameter too long');
const BAD_DEPENDENCY = failed('Job dependency problem');
const NO_SUCH_NODE = failed('Invalid node name specified');
const NOT_AVAILABLE = failed('Requested node configuration is not available');
const NO_PARTITION = `sbatch: error: invalid partition specified: nowhere\n${failed('Invalid partition name specified')}`;

const WRAP = ['--wrap', 'true'];

const REFUSALS: Readonly<Record<string, Refusal>> = {
  'array that runs backwards': { args: ['--array=5-2', ...WRAP], stderr: BAD_ARRAY },
  'array of letters': { args: ['--array=a', ...WRAP], stderr: BAD_ARRAY },
  'array without an end': { args: ['--array=1-', ...WRAP], stderr: BAD_ARRAY },
  'array with a negative index': { args: ['--array=-1', ...WRAP], stderr: BAD_ARRAY },
  'array with step 0': { args: ['--array=1-5:0', ...WRAP], stderr: BAD_ARRAY },
  'index MaxArraySize': { args: ['--array=10001', ...WRAP], stderr: BAD_ARRAY },
  'range up to MaxArraySize': { args: ['--array=0-10001', ...WRAP], stderr: BAD_ARRAY },
  'array text beyond 4,096 characters': {
    args: [`--array=${Array.from({ length: 1001 }, (_, at) => 1 + 2 * at).join(',')}`, ...WRAP],
    stderr: TOO_LONG,
  },
  'comment beyond 1,024 characters': { args: [`--comment=${'x'.repeat(1025)}`, ...WRAP], stderr: TOO_LONG },
  'job name beyond 1,024 characters': { args: ['-J', 'x'.repeat(1025), ...WRAP], stderr: TOO_LONG },
  'option that sbatch does not know': {
    args: ['--nonsense', ...WRAP],
    stderr: unrecognized('--nonsense'),
    code: 255,
  },
  'option that sbatch does not know, in the script': {
    args: ['unknown-option.sh'],
    stderr: unrecognized('--nonsense'),
    code: 255,
  },
  'option without its value': {
    args: ['--mem'],
    stderr: `sbatch: option '--mem' requires an argument\nTry "sbatch --help" for more information\n`,
    code: 255,
  },
  'memory that is no size': { args: ['--mem=lots', ...WRAP], stderr: invalid('mem'), code: 255 },
  'memory with a fraction': { args: ['--mem=1.5G', ...WRAP], stderr: invalid('mem'), code: 255 },
  'memory that is no size, in the script': { args: ['bad-memory.sh'], stderr: invalid('mem'), code: 255 },
  'time that is none': { args: ['--time=abc', ...WRAP], stderr: invalid('time'), code: 255 },
  'time of four parts': { args: ['--time=1:2:3:4', ...WRAP], stderr: invalid('time'), code: 255 },
  'signal that is none': { args: ['--signal=nonsense', ...WRAP], stderr: invalid('signal'), code: 255 },
  'signal at no time': { args: ['--signal=B:USR1@x', ...WRAP], stderr: invalid('signal'), code: 255 },
  'open mode that is none': { args: ['--open-mode=x', ...WRAP], stderr: invalid('open-mode'), code: 255 },
  'kill-on-invalid-dep that is neither': {
    args: ['--kill-on-invalid-dep=maybe', ...WRAP],
    stderr: invalid('kill-on-invalid-dep'),
    code: 255,
  },
  'begin time that is none': {
    args: ['--begin=nonsense', ...WRAP],
    stderr: `Invalid time specification (pos=0): nonsense\n${invalid('begin')}`,
    code: 255,
  },
  'deadline that is none': {
    args: ['--deadline=nonsense', ...WRAP],
    stderr: `Invalid time specification (pos=0): nonsense\n${invalid('deadline')}`,
    code: 255,
  },
  'deadline that has passed': {
    args: ['--deadline=2020-01-01', ...WRAP],
    stderr:
      'sbatch: error: Batch job submission failed: Requested time limit is invalid (missing or exceeds some limit)\n',
  },
  'deadline before the begin': {
    args: ['--begin=now+600', '--deadline=now+300', ...WRAP],
    stderr: 'sbatch: error: Incompatible begin and deadline time specification\n',
  },
  'no tasks': {
    args: ['-n', '0', ...WRAP],
    stderr: 'sbatch: error: Invalid numeric value "0" for --ntasks.\n',
  },
  'no CPUs': {
    args: ['-c', '0', ...WRAP],
    stderr: 'sbatch: error: Invalid numeric value "0" for --cpus-per-task.\n',
  },
  'no nodes': { args: ['-N', '0', ...WRAP], stderr: failed('Node count specification invalid') },
  'unknown partition': { args: ['-p', 'nowhere', ...WRAP], stderr: NO_PARTITION },
  'unknown partition in a list': { args: ['-p', 'day,nowhere', ...WRAP], stderr: NO_PARTITION },
  'more memory than any node has': {
    args: ['--mem=1000G', ...WRAP],
    stderr: `sbatch: error: Memory specification can not be satisfied\n${NOT_AVAILABLE}`,
  },
  'more CPUs than any node has': {
    args: ['-c', '65', ...WRAP],
    stderr: `sbatch: error: CPU count per node can not be satisfied\n${NOT_AVAILABLE}`,
  },
  'both kinds of memory': {
    args: ['--mem=1', '--mem-per-cpu=2', ...WRAP],
    stderr: 'sbatch: fatal: --mem, --mem-per-cpu, and --mem-per-gpu are mutually exclusive.\n',
  },
  'node that does not exist': { args: ['--nodelist=zz', ...WRAP], stderr: NO_SUCH_NODE },
  'excluded node that does not exist': { args: ['--exclude=zz', ...WRAP], stderr: NO_SUCH_NODE },
  'every node excluded': { args: ['--exclude=n[1-5]', ...WRAP], stderr: NOT_AVAILABLE },
  'node of another partition': { args: ['--nodelist=w1', ...WRAP], stderr: NOT_AVAILABLE },
  'dependency on nothing': { args: ['-d', 'afterok:', ...WRAP], stderr: BAD_DEPENDENCY },
  'dependency on a word': { args: ['-d', 'afterok:x', ...WRAP], stderr: BAD_DEPENDENCY },
  'dependency on job 0': { args: ['-d', 'afterok:0', ...WRAP], stderr: BAD_DEPENDENCY },
  'dependency of an unknown kind': { args: ['-d', 'nonsense:1', ...WRAP], stderr: BAD_DEPENDENCY },
  'dependency with a comma too much': { args: ['-d', 'afterok:1,', ...WRAP], stderr: BAD_DEPENDENCY },
  'script that is not there': {
    args: ['missing.sh'],
    stderr: 'sbatch: error: Unable to open file missing.sh\n',
  },
  'script with DOS line ends': {
    args: ['dos.sh'],
    stderr:
      'sbatch: error: Batch script contains DOS line breaks (\\r\\n)\n' +
      'sbatch: error: instead of expected UNIX line breaks (\\n).\n',
  },
  'script without #!': {
    args: ['no-interpreter.sh'],
    stderr:
      'sbatch: error: This does not look like a batch script.  The first\n' +
      'sbatch: error: line must start with #! followed by the path to an interpreter.\n' +
      'sbatch: error: For instance: #!/bin/sh\n',
  },
  'script that is empty': { args: ['empty.sh'], stderr: 'sbatch: error: Batch script is empty!\n' },
  'standard input that is empty': { args: [], stderr: 'sbatch: error: Batch script is empty!\n' },
  'script that is white space': {
    args: ['blank.sh'],
    stderr: 'sbatch: error: Batch script contains only whitespace!\n',
  },
  'script with a NUL': {
    args: ['nul.sh'],
    stderr:
      'sbatch: error: The Slurm controller does not allow scripts that\n' +
      "sbatch: error: contain a NULL character '\\0'.\n",
  },
  'script besides --wrap': {
    args: [...WRAP, 'script.sh'],
    stderr: 'sbatch: error: Script arguments not permitted with --wrap option\n',
  },
};

const SCRIPTS: Readonly<Record<string, string>> = {
  'script.sh': '#!/bin/bash\ntrue\n',
  'unknown-option.sh': '#!/bin/bash\n#SBATCH --nonsense\ntrue\n',
  'bad-memory.sh': '#!/bin/bash\n#SBATCH --mem=lots\ntrue\n',
  'dos.sh': '#!/bin/bash\r\ntrue\r\n',
  'no-interpreter.sh': 'true\n',
  'empty.sh': '',
  'blank.sh': '\n \n',
  'nul.sh': '#!/bin/bash\n\0true\n',
};

t.test('refused submissions', async (t) => {
  const desk = await Desk.open(t);
  for (const [name, text] of Object.entries(SCRIPTS)) desk.file(name, text);
  for (const [what, { args, stderr, code = 1 }] of Object.entries(REFUSALS)) {
    const answer = await desk.run('sbatch', ...args);
    t.strictSame(answer, { code, stdout: '', stderr }, what);
  }
  const left = await desk.query('squeue', '-h', '--me', '-o', '%Z');
  t.notOk(left.split('\n').includes(desk.folder), 'nothing was queued');
});

t.test('--test-only says where a job would run, or that it cannot', async (t) => {
  const desk = await Desk.open(t);
  const { code, stdout, stderr } = await desk.run('sbatch', '--test-only', '-p', 'devel', ...WRAP);
  t.strictSame([code, stdout], [0, '']);
  const would =
    /^sbatch: Job \d+ to start at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d using \d+ processors on nodes d\d+ in partition devel\n$/;
  t.match(stderr, would);
  t.strictSame(await desk.run('sbatch', '--test-only', '--mem=1000G', ...WRAP), {
    code: 1,
    stdout: '',
    stderr: 'allocation failure: Requested node configuration is not available\n',
  });
});

t.test('accepted though odd', async (t) => {
  const desk = await Desk.open(t);
  const held = async (...args: string[]) => await desk.submit('--hold', ...args, '--wrap', 'true');
  const odd = {
    'largest index': await held('--array=10000'),
    'comma at the end': await held('--array=1-3,'),
    'throttle 0 is none': await held('--array=1-3%0'),
    'more memory than any node has, held': await held('--mem=1000G'),
    'every node excluded, held': await held('--exclude=n[1-5]'),
    'longer than the partition admits': await held('--time=1000'),
    'working folder that is missing': await held('--chdir=/nowhere'),
  };
  const rows = await desk.table(
    'id,limit',
    'squeue',
    '-h',
    '-j',
    Object.values(odd).join(','),
    '-o',
    '%i|%l',
  );
  const specs = Object.fromEntries(rows.map(({ id = '' }) => [id.split('_')[0], id.split('_')[1] ?? null]));
  t.equal(specs[odd['largest index']], '[10000]');
  t.equal(specs[odd['comma at the end']], '[1-3]');
  t.equal(specs[odd['throttle 0 is none']], '[1-3]');
  t.equal(rows.length, Object.keys(odd).length, 'all are in the queue');
  const tooLong = await desk.submit('--time=1000', '--wrap', 'true');
  await desk.until([tooLong], '%T %r', ([row]) => row === 'PENDING PartitionTimeLimit');
});
