import t from 'tap';
import {
  optionsOfEnvironment,
  optionsOfScript,
  readWish,
  type Wish,
} from '../../lib/pocket/commands/sbatch-options.js';
import { UsageRefusal } from '../../lib/pocket/refusal.js';

const MB = 2 ** 20;
const NOW = 1_800_000_000;

const wish = (...tokens: string[]): Wish => readWish(optionsOfScript(tokens), NOW);

const WISHES: readonly (readonly [tokens: readonly string[], wish: Partial<Wish>])[] = [
  [['--mem=100'], { memoryPerNode: 100 * MB }],
  [['--mem=100K'], { memoryPerNode: MB }],
  [['--mem=2G'], { memoryPerNode: 2048 * MB }],
  [['--mem=0'], { memoryPerNode: 0 }],
  [['--mem-per-cpu=50'], { memoryPerCpu: 50 * MB, memoryPerNode: null }],
  [['-t', '0:61'], { timeLimit: 120 }],
  [['--time=1-2:3'], { timeLimit: 26 * 3600 + 180 }],
  [['--time=0'], { timeLimit: Number.POSITIVE_INFINITY }],
  [['-p', 'devel,day'], { partitions: ['devel', 'day'] }],
  [['--exclude=d[2-3],n1'], { excludedNodes: ['d[2-3],n1'] }],
  [['--nodelist=d[2-3]'], { nodelist: ['d2', 'd3'] }],
  [['-N', '2-4', '-n', '8', '-c', '2'], { nodes: 2, tasks: 8, cpusPerTask: 2 }],
  [['--begin=now+60'], { beginAt: NOW + 60 }],
  [['--signal=B:USR1@50'], { signal: { number: 10, before: 50, batchShell: true } }],
  [['--kill-on-invalid-dep=yes'], { killOnInvalidDependency: true }],
  [['--requeue', '--no-requeue'], { requeue: false }],
  [['--open-mode=a'], { openMode: 'append' }],
  [['--nice'], { nice: 100 }],
  [['--nice=-5'], { nice: -5 }],
  [['-J', 'one', '-J', 'two'], { name: 'two' }],
  [['--mail-type=END', '--hold'], { held: true }],
];

t.test('what options ask for', async (t) => {
  for (const [tokens, expected] of WISHES) t.match(wish(...tokens), expected, tokens.join(' '));
});

const REFUSALS: readonly (readonly [tokens: readonly string[], line: RegExp, exitCode: number])[] = [
  [['--mem=lots'], /^error: Invalid --mem specification$/, 255],
  [['--mem=1.5G'], /^error: Invalid --mem specification$/, 255],
  [['--time=abc'], /^error: Invalid --time specification$/, 255],
  [['--signal=B:X'], /^error: Invalid --signal specification$/, 255],
  [['--begin=x'], /^Invalid time specification \(pos=0\): x$/, 255],
  [['-n', '0'], /^error: Invalid numeric value "0" for --ntasks\.$/, 1],
  [['-N', '0'], /Node count specification invalid$/, 1],
  [['--nonsense'], /^sbatch: unrecognized option '--nonsense'$/, 255],
  [['--mem'], /^sbatch: option '--mem' requires an argument$/, 255],
  [['--gres=gpu:1'], /^error: pocket Slurm does not support --gres /, 1],
];

t.test('what sbatch refuses', async (t) => {
  for (const [tokens, line, exitCode] of REFUSALS) {
    try {
      wish(...tokens);
      t.fail(`${tokens.join(' ')} is taken`);
    } catch (error) {
      if (!(error instanceof UsageRefusal)) throw error;
      t.match(error.lines[0], line, tokens.join(' '));
      t.equal(error.exitCode, exitCode);
    }
  }
});

t.test('SBATCH_ variables', async (t) => {
  const env = { SBATCH_PARTITION: 'week', SBATCH_TIMELIMIT: '2', SBATCH_ARRAY_INX: '1-2', SBATCH_OTHER: 'x' };
  t.match(readWish(optionsOfEnvironment(env), NOW), { partitions: ['week'], timeLimit: 120, array: '1-2' });
});
