import t from 'tap';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import { jobSettings, type OutputTask, outputPath } from '../../lib/chain/output-path.js';

const ARRAY: OutputTask = { jobId: '806', task: 3, index: 3, node: 'd[1-2,5]' };
const SINGLE: OutputTask = { jobId: '806', task: null, index: 0, node: 'w1.cluster.org' };
const MAPPED: OutputTask = { jobId: '806', task: 7, index: 50_012, node: null };

const PATTERNS: readonly [string | null, OutputTask, string][] = [
  [null, ARRAY, '/data/slurm-806_3.out'],
  [null, SINGLE, '/data/slurm-806.out'],
  [null, MAPPED, '/data/slurm-806_50012.out'],
  ['%A_%4a.log', ARRAY, '/data/806_0003.log'],
  ['%15a', ARRAY, '/data/0000000003'],
  ['%10A', ARRAY, '/data/0000000806'],
  ['%4a', MAPPED, '/data/50012'],
  ['%b', MAPPED, '/data/7'],
  ['/logs/%u/%x.%N', ARRAY, '/logs/ana/fit.d1'],
  ['%N', SINGLE, '/data/w1'],
  ['%N', MAPPED, '/data/%N'],
  ['%5x', ARRAY, '/data/fit'],
  ['%j', ARRAY, '/data/%j'],
  ['%6j', SINGLE, '/data/000806'],
  ['%A_%a', SINGLE, '/data/806_4294967294'],
  ['100%%_%%a_%a', ARRAY, '/data/100%_%a_3'],
  ['../%n%t', ARRAY, '/00'],
  ['%J.%s', ARRAY, '/data/%J.%s'],
  ['50%', ARRAY, '/data/50%'],
  ['50\\%a', ARRAY, '/data/50%a'],
  ['/dev/null', ARRAY, '/dev/null'],
  ["it's $HOME\n%a", ARRAY, "/data/it's $HOME\n3"],
];

t.test('what slurmd makes of a pattern', async (t) => {
  for (const [pattern, task, path] of PATTERNS) {
    const settings = { pattern, folder: '/data', jobName: 'fit', user: 'ana' };
    t.equal(outputPath(settings, task), path, String(pattern));
  }
});

t.test('an unknown job name stays', async (t) => {
  t.equal(outputPath({ pattern: '%x', folder: '/d', jobName: null, user: 'ana' }, ARRAY), '/d/%x');
});

const chain = (options: string[]) =>
  ({
    user: 'ana',
    request: { script: { name: 'job.sh' }, cwd: '/data', output: '%x.out', options },
  }) as unknown as Checkpoint;

t.test('job name and folder come from the options, the script and its name', async (t) => {
  const script = '#!/bin/bash\n#SBATCH --job-name=fit -D runs\necho\n';
  const settings = { pattern: '%x.out', user: 'ana' };
  t.same(jobSettings(chain([]), null), { ...settings, folder: '/data', jobName: null });
  t.same(jobSettings(chain([]), '#!/bin/bash\n'), { ...settings, folder: '/data', jobName: 'job.sh' });
  t.same(jobSettings(chain([]), script), { ...settings, folder: '/data/runs', jobName: 'fit' });
  const given = ['-J', 'mine', '--chdir=/scratch'];
  t.same(jobSettings(chain(given), script), { ...settings, folder: '/scratch', jobName: 'mine' });
  t.same(jobSettings(chain(given), 'not a script'), { ...settings, folder: '/scratch', jobName: 'mine' });
});
