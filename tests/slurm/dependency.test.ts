import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import {
  DEPENDENCY_KINDS,
  type Dependency,
  type DependencyStatus,
  dependencyOn,
  formatDependency,
  parseDependency,
} from '../../lib/slurm/dependency.js';

const target = (job: string, status: DependencyStatus | null = null, minutes: number | null = null) => ({
  job,
  minutes,
  status,
});

const READ: Record<string, Dependency | null> = {
  'afterok:806': { join: 'all', clauses: [{ kind: 'afterok', targets: [target('806')] }] },
  'afterok:20:21,afterany:23': {
    join: 'all',
    clauses: [
      { kind: 'afterok', targets: [target('20'), target('21')] },
      { kind: 'afterany', targets: [target('23')] },
    ],
  },
  'after:5+10:6': {
    join: 'all',
    clauses: [{ kind: 'after', targets: [target('5', null, 10), target('6')] }],
  },
  'aftercorr:806_3': { join: 'all', clauses: [{ kind: 'aftercorr', targets: [target('806_3')] }] },
  singleton: { join: 'all', clauses: [{ kind: 'singleton', status: null }] },
  // as squeue prints them
  '(null)': null,
  'afterok:52_*(unfulfilled)': {
    join: 'all',
    clauses: [{ kind: 'afterok', targets: [target('52_*', 'unfulfilled')] }],
  },
  'afternotok:33(failed)': {
    join: 'all',
    clauses: [{ kind: 'afternotok', targets: [target('33', 'failed')] }],
  },
  'afterok:52_2(unfulfilled),afterok:52_3(unfulfilled)': {
    join: 'all',
    clauses: [
      { kind: 'afterok', targets: [target('52_2', 'unfulfilled')] },
      { kind: 'afterok', targets: [target('52_3', 'unfulfilled')] },
    ],
  },
  'afternotok:40(unfulfilled)?afternotok:41(unfulfilled)': {
    join: 'any',
    clauses: [
      { kind: 'afternotok', targets: [target('40', 'unfulfilled')] },
      { kind: 'afternotok', targets: [target('41', 'unfulfilled')] },
    ],
  },
  'singleton(unfulfilled)': { join: 'all', clauses: [{ kind: 'singleton', status: 'unfulfilled' }] },
};

const REFUSED = [
  '',
  'afterok',
  'afterok:',
  'afterok:abc',
  'afterok:0',
  'afterok:1,',
  'afterok:1?afterok:2,afterok:3',
  'afterok:1+5',
  'before:1',
  'afterok:1(maybe)',
  'afterok:1_[1-3]',
  'afterok:1::2',
  'after:1+',
  'singleton:1',
  'afterok:1;2',
  '806',
];

t.test('reads what sbatch takes and squeue prints', async (t) => {
  for (const [text, dependency] of Object.entries(READ)) t.same(parseDependency(text), dependency, text);
});

t.test('refuses the rest', async (t) => {
  for (const text of REFUSED) t.throws(() => parseDependency(text), FormatError, JSON.stringify(text));
});

t.test('builds the dependencies of a round', async (t) => {
  t.equal(dependencyOn('afterany', ['806', '807', '808_3']), 'afterany:806:807:808_3');
  t.equal(dependencyOn('afterok', ['806']), 'afterok:806');
  t.equal(dependencyOn('afternotok', ['806']), 'afternotok:806');
  t.equal(dependencyOn('afterok', ['<job>']), 'afterok:<job>', 'where nothing is submitted');
  t.throws(() => dependencyOn('afterany', []), FormatError);
});

const anyTarget = (kind: string) =>
  fc.record({
    job: fc.oneof(
      fc.integer({ min: 1, max: 2 ** 31 }).map(String),
      fc.tuple(fc.integer({ min: 1, max: 9 }), fc.nat()).map(([job, task]) => `${job}_${task}`),
    ),
    minutes: kind === 'after' ? fc.option(fc.nat({ max: 10_000 })) : fc.constant(null),
    status: fc.constant(null),
  });
const clause = fc.oneof(
  fc.constant({ kind: 'singleton' as const, status: null }),
  ...DEPENDENCY_KINDS.map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      targets: fc.array(anyTarget(kind), { minLength: 1, maxLength: 4 }),
    }),
  ),
);
const dependency: fc.Arbitrary<Dependency> = fc
  .record({
    join: fc.constantFrom('all' as const, 'any' as const),
    clauses: fc.array(clause, { minLength: 1, maxLength: 4 }),
  })
  .map(({ join, clauses }) => ({ join: clauses.length === 1 ? ('all' as const) : join, clauses }));

t.test('parse after format changes nothing', async () => {
  fc.assert(
    fc.property(dependency, (value) => t.same(parseDependency(formatDependency(value)), value)),
    { numRuns: 300 },
  );
});

t.test('throws nothing but FormatError', async () => {
  const words = fc.array(
    fc.constantFrom('afterok', 'after', 'singleton', ':', ',', '?', '+', '1', '_', '*', '(failed)', 'x'),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        words.map((parts) => parts.join('')),
      ),
      (text) => {
        try {
          parseDependency(text);
          return true;
        } catch (error) {
          return error instanceof FormatError;
        }
      },
    ),
    { numRuns: 2000 },
  );
});
