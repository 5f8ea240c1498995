import t from 'tap';
import {
  arrayIndices,
  commandText,
  cutList,
  endTime,
  type JobRecord,
  megabytes,
  nodesOrReason,
  outputFile,
  recordId,
  timeUsed,
} from '../../lib/pocket/commands/job-record.js';
import { request } from './scheduler-simulation.js';

const MB = 2 ** 20;

const SINGLE: JobRecord = {
  job: 806,
  part: { kind: 'single' },
  rawId: 806,
  name: 'a name',
  user: 'someone',
  submission: request({ submission: { workingFolder: '/w', command: '/w/job.sh', args: ['a', 'b c'] } })
    .submission,
  comment: '',
  partitions: ['day'],
  state: 'RUNNING',
  reason: 'None',
  held: false,
  dependency: '',
  excludedNodes: '',
  throttle: null,
  timeLimit: 60,
  memoryPerNode: null,
  memoryPerCpu: 256 * MB,
  restarts: 0,
  nodes: ['n1'],
  cpus: 1,
  exit: { code: 0, signal: 0 },
  submittedAt: 900,
  eligibleAt: 900,
  startedAt: 1000.5,
  endedAt: null,
  beginAt: null,
};
const TASK: JobRecord = { ...SINGLE, rawId: 810, part: { kind: 'task', index: 3 }, throttle: 2 };
const REST: JobRecord = {
  ...SINGLE,
  state: 'PENDING',
  reason: 'JobArrayTaskLimit',
  nodes: [],
  startedAt: null,
  part: { kind: 'rest', indices: [4, 5, 9] },
  throttle: 2,
};

t.test('ids', async (t) => {
  t.strictSame(
    [SINGLE, TASK, REST].map((record) => recordId(record, {})),
    ['806', '806_3', '806_[4-5,9%2]'],
  );
  t.strictSame([SINGLE, TASK, REST].map(arrayIndices), [null, '3', '4-5,9%2']);
});

t.test('long lists are cut, unless SLURM_BITSTR_LEN says otherwise', async (t) => {
  const long = Array.from({ length: 60 }, (_, place) => (place + 2) ** 2).join(',');
  t.equal(cutList(long, { SLURM_BITSTR_LEN: '0' }), long);
  t.equal(cutList(long, {}), `${long.slice(0, 60)}...`);
  t.equal(cutList(long, { SLURM_BITSTR_LEN: '10' }), `${long.slice(0, 6)}...`);
  t.equal(cutList('1-3', {}), '1-3');
});

t.test('where output goes', async (t) => {
  const cases: [JobRecord, string | null, string][] = [
    [SINGLE, null, '/w/slurm-806.out'],
    [TASK, null, '/w/slurm-806_3.out'],
    [REST, null, '/w/slurm-806_4294967294.out'],
    [TASK, '/o/%A.%4a.%j.%x', '/o/806.0003.810.a name'],
    [SINGLE, 'A%A_%%', '/w/A806_%'],
  ];
  for (const [record, pattern, path] of cases) t.equal(outputFile(record, pattern), path);
});

t.test('times, nodes and the rest', async (t) => {
  t.equal(timeUsed(SINGLE, 1010), 10);
  t.equal(timeUsed(REST, 1010), 0);
  t.equal(endTime(SINGLE), 1060.5);
  t.equal(endTime({ ...SINGLE, endedAt: 1020 }), 1020);
  t.equal(endTime({ ...SINGLE, timeLimit: Number.POSITIVE_INFINITY }), null);
  t.equal(nodesOrReason(SINGLE, 'n1'), 'n1');
  t.equal(nodesOrReason(REST, ''), '(JobArrayTaskLimit)');
  t.equal(commandText(SINGLE), '/w/job.sh a b c');
  t.strictSame([0, 1, 1024 * MB, 1500 * MB].map(megabytes), ['0', '1M', '1G', '1500M']);
});
