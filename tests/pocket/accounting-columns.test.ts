import t from 'tap';
import { ACCOUNTING_COLUMNS, printedExit } from '../../lib/pocket/commands/sacct-columns.js';
import type { AccountingRecord } from '../../lib/pocket/commands/sacct-record.js';
import { request } from './scheduler-simulation.js';

const MB = 2 ** 20;

const JOB: AccountingRecord = {
  id: '806_3',
  rawId: '810',
  step: null,
  name: 'job',
  user: 'someone',
  submission: request().submission,
  comment: 'a|b',
  partition: 'day',
  state: 'FAILED',
  reason: 'None',
  exit: { code: 137, signal: 0 },
  derivedExit: { code: 7, signal: 0 },
  cpus: 2,
  nodes: ['n1', 'n2'],
  tasks: 1,
  memoryPerNode: 100 * MB,
  memoryPerCpu: 256 * MB,
  timeLimit: 60,
  maxRss: 80 * MB,
  submittedAt: 1000,
  eligibleAt: 1000,
  startedAt: 1001.9,
  endedAt: 1063.1,
  now: 2000,
};

const STEP: AccountingRecord = {
  ...JOB,
  id: '806_3.batch',
  rawId: '810.batch',
  step: 'batch',
  name: 'batch',
};

const WAITING: AccountingRecord = { ...JOB, state: 'PENDING', nodes: [], startedAt: null, endedAt: null };

/** Of each column what it shows of the job, of its step, and of a job that waits. */
const VALUES: Readonly<Record<string, readonly [job: string, step: string, waiting: string]>> = {
  jobid: ['806_3', '806_3.batch', '806_3'],
  jobidraw: ['810', '810.batch', '810'],
  state: ['FAILED', 'FAILED', 'PENDING'],
  exitcode: ['9:0', '9:0', '9:0'],
  derivedexitcode: ['7:0', '', '7:0'],
  nodelist: ['n[1-2]', 'n[1-2]', 'None assigned'],
  elapsedraw: ['62', '62', '0'],
  elapsed: ['00:01:02', '00:01:02', '00:00:00'],
  alloccpus: ['2', '2', '0'],
  maxrss: ['', '81920K', ''],
  reqmem: ['100M', '', '100M'],
  timelimitraw: ['1', '', '1'],
  partition: ['day', '', 'day'],
  user: ['someone', '', 'someone'],
  start: ['1001', '1001', 'Unknown'],
  end: ['1063', '1063', 'Unknown'],
  comment: ['a|b', 'a|b', 'a|b'],
};

t.test('columns', async (t) => {
  for (const [name, values] of Object.entries(VALUES)) {
    const column = ACCOUNTING_COLUMNS.get(name);
    const shown = [JOB, STEP, WAITING].map((record) => column?.value(record, { SLURM_TIME_FORMAT: '%s' }));
    t.strictSame(shown, values, name);
  }
});

t.test('exit codes lose their highest bit', async (t) => {
  const cases: [number, number, string][] = [
    [0, 0, '0:0'],
    [127, 0, '127:0'],
    [128, 0, '0:0'],
    [255, 0, '127:0'],
    [0, 9, '0:9'],
  ];
  for (const [code, signal, text] of cases) t.equal(printedExit({ code, signal }), text);
});
