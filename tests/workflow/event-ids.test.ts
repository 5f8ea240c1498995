import fc from 'fast-check';
import t from 'tap';
import { eventIds } from '../../lib/workflow/plan/event-ids.js';

fc.configureGlobal({ seed: 20260121 });

const IDS: [string[][], string[]][] = [
  [[[]], ['start']],
  [[['prep']], ['after_prep']],
  [[['work_1', 'work_2', 'work_3']], ['after_work_jobs']],
  [[['work_a_1', 'work_b_1']], ['after_work_jobs']],
  [[['ab_1', 'ab_2']], ['after_ab_1_and_1_more']],
  [[['prep', 'work', 'final']], ['after_prep_and_2_more']],
  [
    [
      ['work_1', 'work_2'],
      ['work_1', 'work_3'],
      ['work_2', 'work_3'],
    ],
    ['after_work_jobs', 'after_work_jobs_2', 'after_work_jobs_3'],
  ],
  [
    [['work_jobs'], ['work_1', 'work_2'], ['work_jobs_2'], ['work_2', 'work_3']],
    ['after_work_jobs', 'after_work_jobs_2', 'after_work_jobs_2_2', 'after_work_jobs_3'],
  ],
  [[['a\u{1f600}x_😀', 'a\u{1f600}x_😁']], ['after_a😀x_jobs']],
  [[['ab😀', 'ab😁']], ['after_ab😀_and_1_more']],
];

t.test('ids say what is waited for', async (t) => {
  for (const [waitsFor, ids] of IDS) t.same(eventIds(waitsFor), ids, ids.join(' '));
});

t.test('no two events share an id', async () => {
  const name = fc.constantFrom('a', 'b', 'work_1', 'work_2', 'work_jobs', 'work_jobs_2', 'a_and_1_more', '');
  const sets = fc.array(fc.uniqueArray(name, { minLength: 1 }), { maxLength: 40 });
  fc.assert(
    fc.property(sets, (waitsFor) => new Set(eventIds([[], ...waitsFor])).size === waitsFor.length + 1),
    { numRuns: 1000 },
  );
});

t.test('thousands of equal ids are told apart at once', async (t) => {
  const ids = eventIds(Array.from({ length: 50_000 }, (_, index) => ['work_0', `work_${index + 1}`]));
  t.equal(new Set(ids).size, 50_000);
  t.equal(ids.at(-1), 'after_work_jobs_50000');
});
