import t from 'tap';
import { attachSbatchOptions } from '../../lib/cli/mem-escalate/sbatch-options.js';

const TIED: [string[], string[]][] = [
  [[], []],
  [
    ['-a', '0-9', 'job.sh', '--sbatch', '--nice'],
    ['-a', '0-9', 'job.sh', '--sbatch', '--nice'],
  ],
  [
    ['--sbatch', '--qos=high', '--nice', 'job.sh', '--x'],
    ['--sbatch=--qos=high', '--sbatch=--nice', 'job.sh', '--x'],
  ],
  [
    ['-a', '0-9', '--sbatch', '-Jname', 'job.sh'],
    ['-a', '0-9', '--sbatch=-Jname', 'job.sh'],
  ],
  // Two dashes end the options that are passed on, and ours go on.
  [
    ['--sbatch', '--nice', '--', '--array=0-9', 'job.sh'],
    ['--sbatch=--nice', '--array=0-9', 'job.sh'],
  ],
  [
    ['--sbatch', '--nice', '--', 'job.sh'],
    ['--sbatch=--nice', 'job.sh'],
  ],
  [
    ['--sbatch=--qos=high', 'job.sh'],
    ['--sbatch=--qos=high', 'job.sh'],
  ],
  [
    ['--sbatch=--qos=high', '--sbatch', '--nice', 'job.sh'],
    ['--sbatch=--qos=high', '--sbatch=--nice', 'job.sh'],
  ],
  // A value attached to its letter, as sbatch takes it.
  [
    ['-a0-9', '-cmy.yaml', 'job.sh', '-a1'],
    ['--array=0-9', '--config=my.yaml', 'job.sh', '-a1'],
  ],
  // The value of an option of ours is not taken for the script, nor for --sbatch.
  [
    ['--config', 'my.yaml', '--sbatch', '--nice', 'job.sh'],
    ['--config', 'my.yaml', '--sbatch=--nice', 'job.sh'],
  ],
  [
    ['-e', '--sbatch', 'job.sh'],
    ['-e', '--sbatch', 'job.sh'],
  ],
  [
    ['--wait', '--sbatch', '--nice', 'job.sh'],
    ['--wait', '--sbatch=--nice', 'job.sh'],
  ],
  [
    ['--', '--sbatch', '--nice'],
    ['--', '--sbatch', '--nice'],
  ],
  [['--sbatch', '--nice'], ['--sbatch=--nice']],
];

t.test('ties the options behind --sbatch to it', async (t) => {
  for (const [words, tied] of TIED) t.same(attachSbatchOptions(words), tied, words.join(' '));
});

t.test('--sbatch without options', async (t) => {
  const error = { code: 'bad-option', message: /^--sbatch needs options/ };
  for (const words of [
    ['--sbatch'],
    ['--sbatch', 'job.sh'],
    ['--sbatch', '--', 'job.sh'],
    ['--sbatch', 'qos=high', 'job.sh'],
  ]) {
    t.throws(() => attachSbatchOptions(words), error, words.join(' '));
  }
});
