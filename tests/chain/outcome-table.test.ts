import { mkdtempSync } from 'node:fs';
import fc from 'fast-check';
import t from 'tap';
import type { TaskOutcome } from '../../lib/chain/checkpoint.js';
import { indexSet } from '../../lib/chain/index-set.js';
import { OutcomeTable } from '../../lib/chain/outcome-table.js';
import { readOutcomes, writeOutcomes } from '../../lib/chain/outcomes-file.js';
import { outcome } from './plain-chain.js';

const STATES = ['COMPLETED', 'OUT_OF_MEMORY', 'RUNNING', 'UNKNOWN'] as const;
const seconds = fc.option(fc.integer({ min: 0, max: 2 ** 33 }));
const evidence = fc.record({
  state: fc.constantFrom(...STATES),
  terminal: fc.boolean(),
  exit: fc.record({ code: fc.nat(255), signal: fc.nat(255) }),
  scriptExit: fc.option(fc.record({ code: fc.nat(255), signal: fc.nat(255) })),
  node: fc.option(fc.constantFrom('n1', 'd[1-3]')),
  elapsed: fc.nat(),
  cpus: fc.option(fc.nat(4096)),
  maxRss: fc.option(fc.maxSafeNat()),
  start: seconds,
  end: seconds,
});

t.test('what is put in comes out, by ascending index, also through the file', async (t) => {
  const path = `${mkdtempSync(`${t.testdir({})}/`)}/outcomes`;
  const entries = fc.uniqueArray(fc.tuple(fc.nat(4_000_000), evidence), { selector: ([index]) => index });
  fc.assert(
    fc.property(entries, fc.option(fc.nat(4_000_000)), (list, absent) => {
      const known = new Map<number, TaskOutcome>(
        list.map(([index, found]) => [index, outcome(index, { ...found, job: `806_${index}` })]),
      );
      const set = indexSet([...known.keys(), ...(absent === null ? [] : [absent])]);
      const table = new OutcomeTable(set);
      for (const [index, found] of list) table.set(index, 806, index, found);
      const ended = list.filter(([, { terminal }]) => terminal).length;
      const expected = [...known.values()].sort((a, b) => a.index - b.index);
      writeOutcomes(path, table.values());
      t.same([...table.values()], expected);
      t.same(readOutcomes(path), expected);
      t.equal(table.open, set.length - ended);
      for (const index of set) t.same(table.get(index), known.get(index));
    }),
    { numRuns: 50 },
  );
});

t.test('indices of other rounds, and memory', async (t) => {
  const table = new OutcomeTable(indexSet([3]));
  const { index, job, ...found } = outcome(3);
  t.same([index, job], [3, '806_3']);
  table.set(4, 806, 4, found);
  table.raiseMaxRss(4, 100);
  t.same([[...table.values()], table.get(4), table.open], [[], undefined, 1]);
  table.set(3, 806, null, found);
  t.equal(table.get(3)?.job, '806', 'a single job');
  for (const bytes of [5, 2 ** 40, 7]) table.raiseMaxRss(3, bytes);
  t.equal(table.get(3)?.maxRss, 2 ** 40);
});
