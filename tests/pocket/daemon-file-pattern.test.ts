import t from 'tap';
import { defaultOutput, expandFilePattern } from '../../lib/pocket/daemon/file-pattern.js';

const TASK = { rawId: 18, array: { job: 12, index: 7 }, jobName: 'my job', user: 'me', node: 'n3' };
const SINGLE = { ...TASK, array: null };

// The names that Slurm 22.05.8 makes of them.
const CASES: [pattern: string, names: typeof TASK | typeof SINGLE, file: string][] = [
  ['slurm-%A_%a.out', TASK, 'slurm-12_7.out'],
  ['two-%A-%3a.out', TASK, 'two-12-007.out'],
  ['%j %J %x %u %N %n %t %s', TASK, '18 18 my job me n3 0 0 batch'],
  ['%j', SINGLE, '18'],
  ['%A_%a', SINGLE, '18_4294967294'],
  ['100%%_%A', TASK, '100%_12'],
  ['a%%b\\%j.%q.%4j', TASK, 'a%%b%j.%q.%4j'],
  ['%12j', TASK, '0000000018'],
  ['%q%', TASK, '%q%'],
];

for (const [pattern, names, file] of CASES) {
  t.equal(expandFilePattern(pattern, names), file, JSON.stringify(pattern).replaceAll('%', 'percent '));
}

t.same([defaultOutput(true), defaultOutput(false)], ['slurm-%A_%a.out', 'slurm-%j.out']);
