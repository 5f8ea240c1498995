import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { formatJobId, type JobId, parseJobId } from '../../lib/slurm/job-id.js';

const CUT = '1-2,4,7,11,16,22,29,37,46,56,67,79,92,106,121,137,154,172,19...';

const READ: Record<string, JobId> = {
  '806': { kind: 'job', job: 806, step: null },
  '806.batch': { kind: 'job', job: 806, step: 'batch' },
  '14.0': { kind: 'job', job: 14, step: '0' },
  '806.extern': { kind: 'job', job: 806, step: 'extern' },
  '806.interactive': { kind: 'job', job: 806, step: 'interactive' },
  '6_2': { kind: 'task', job: 6, task: 2, step: null },
  '6_0': { kind: 'task', job: 6, task: 0, step: null },
  '806_3.batch': { kind: 'task', job: 806, task: 3, step: 'batch' },
  '806_3.12': { kind: 'task', job: 806, task: 3, step: '12' },
  '806+1': { kind: 'het', job: 806, component: 1, step: null },
  '806+0.batch': { kind: 'het', job: 806, component: 0, step: 'batch' },
  '806.0+1': { kind: 'job', job: 806, step: '0+1' },
  '45_[3-10%2]': { kind: 'pending', job: 45, spec: '3-10%2', truncated: false, step: null },
  '45_[5-6,9-10%2]': { kind: 'pending', job: 45, spec: '5-6,9-10%2', truncated: false, step: null },
  '9_[1-35:2]': { kind: 'pending', job: 9, spec: '1-35:2', truncated: false, step: null },
  '7_[0]': { kind: 'pending', job: 7, spec: '0', truncated: false, step: null },
  '1714_[0-20000]': { kind: 'pending', job: 1714, spec: '0-20000', truncated: false, step: null },
  [`1_[${CUT}]`]: { kind: 'pending', job: 1, spec: CUT, truncated: true, step: null },
  '806_[1-2,4,...]': { kind: 'pending', job: 806, spec: '1-2,4,...', truncated: true, step: null },
};

const REFUSED = [
  '',
  'abc',
  '0',
  '-1',
  '806_',
  '806_[]',
  '806_[3',
  '806_3_4',
  '806.',
  '806.foo',
  '806_*',
  '806+1+2',
  '806_3+1',
  '806_[1-3].batch',
  '806 ',
  ' 806',
  '806\n',
  '0806',
  '806;cluster',
  'JobID',
  '99999999999',
];

t.test('reads what sacct and squeue print, and writes it back', async (t) => {
  for (const [text, id] of Object.entries(READ)) {
    t.same(parseJobId(text), id, text);
    t.equal(formatJobId(id), text);
  }
});

t.test('refuses everything else', async (t) => {
  for (const text of REFUSED) t.throws(() => parseJobId(text), FormatError, JSON.stringify(text));
  t.throws(() => parseJobId('806.foo'), { message: /^invalid job id "806\.foo": expected a job id such as/ });
});

const number = fc.integer({ min: 0, max: 2 ** 32 - 2 });
const step = fc.option(fc.oneof(fc.constantFrom('batch', 'extern', '0+1'), fc.nat().map(String)));
const base = { job: fc.integer({ min: 1, max: 2 ** 32 - 2 }), step };
const anyId: fc.Arbitrary<JobId> = fc.oneof(
  fc.record({ kind: fc.constant('job' as const), ...base }),
  fc.record({ kind: fc.constant('task' as const), task: number, ...base }),
  fc.record({ kind: fc.constant('het' as const), component: number, ...base }),
);

t.test('parse after format changes nothing', async () => {
  fc.assert(
    fc.property(anyId, (id) => t.same(parseJobId(formatJobId(id)), id)),
    { numRuns: 300 },
  );
});

t.test('throws nothing but FormatError', async () => {
  const junk = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'80_[]+-.%,batch') }));
  fc.assert(
    fc.property(junk, (text) => throwsOnlyFormatError(() => parseJobId(text))),
    { numRuns: 2000 },
  );
});

t.test('is fast enough for the rows of a large array', async (t) => {
  const rows = Array.from({ length: 20_000 }, (_, task) => `806_${task}`);
  for (const row of rows) parseJobId(row);
  const started = performance.now();
  for (const row of rows) parseJobId(row);
  const elapsed = performance.now() - started;
  t.comment(`20,000 ids in ${elapsed.toFixed(1)} ms`);
  t.ok(elapsed < 200, 'with room for a busy machine');
});

function throwsOnlyFormatError(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
  }
}
