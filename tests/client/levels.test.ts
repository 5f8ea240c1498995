import fc from 'fast-check';
import t from 'tap';
import { levelsOf } from '../../lib/client/levels.js';

fc.configureGlobal({ seed: 20260120 });

interface Item {
  key: number;
  needs: number[];
}

/** Items that depend on earlier ones only, in any order. */
const ITEMS = fc
  .array(fc.array(fc.nat(30), { maxLength: 4 }), { maxLength: 30 })
  .map((needs) => needs.map((wanted, key) => ({ key, needs: wanted.filter((other) => other < key) })))
  .chain((items) => fc.shuffledSubarray(items, { minLength: items.length }));

function levels(items: readonly Item[]): Item[][] {
  return levelsOf(
    items,
    ({ key }) => key,
    ({ needs }) => needs,
  );
}

t.test('every item is in the first level behind those that it needs, in the order given', async () => {
  fc.assert(
    fc.property(ITEMS, (items) => {
      const found = levels(items);
      const levelOf = new Map(found.flatMap((level, at) => level.map(({ key }) => [key, at] as const)));
      const inOrder = found.every((level) => {
        const places = level.map((item) => items.indexOf(item));
        return places.every((place, at) => at === 0 || place > (places[at - 1] ?? -1));
      });
      const first = items.every(({ key, needs }) => {
        const latest = Math.max(-1, ...needs.map((need) => levelOf.get(need) ?? -1));
        return levelOf.get(key) === latest + 1;
      });
      return levelOf.size === items.length && inOrder && first;
    }),
  );
});

t.test('a circle is refused, what is not there does not count', async (t) => {
  t.throws(
    () =>
      levels([
        { key: 1, needs: [2] },
        { key: 2, needs: [1] },
      ]),
    /circle/,
  );
  t.same(levels([{ key: 1, needs: [7] }]), [[{ key: 1, needs: [7] }]]);
});
