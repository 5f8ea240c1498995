import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { formatHostList, parseHostList } from '../../lib/slurm/host-list.js';

t.test('reads what Slurm takes and prints', async (t) => {
  t.same(parseHostList(''), []);
  t.same(parseHostList('d1'), ['d1']);
  t.same(parseHostList('d[1-3,5],n1'), ['d1', 'd2', 'd3', 'd5', 'n1']);
  t.same(parseHostList('n[08-10]'), ['n08', 'n09', 'n10']);
  t.same(parseHostList('rack1-n[1-2].site'), ['rack1-n1.site', 'rack1-n2.site']);
});

t.test('refuses the rest', async (t) => {
  for (const bad of [',', 'd[', 'd[1-', 'd[3-1]', 'd[a]', 'd1 d2', 'd[1-999999999]']) {
    t.throws(() => parseHostList(bad), FormatError, bad);
  }
});

t.test('prints sorted and folded', async (t) => {
  t.equal(formatHostList([]), '');
  t.equal(formatHostList(['n1', 'd3', 'd1', 'd2', 'd5', 'd1']), 'd[1-3,5],n1');
  t.equal(formatHostList(['d10', 'd9']), 'd[9-10]');
  t.equal(formatHostList(['login']), 'login');
});

t.test('what is printed reads back as the same set', async () => {
  const name = fc
    .tuple(fc.constantFrom('d', 'n', 'rack1-n', 'gpu'), fc.option(fc.nat(30)), fc.boolean())
    .map(
      ([prefix, number, zeros]) =>
        prefix + (number === null ? '' : String(number).padStart(zeros ? 3 : 1, '0')),
    );
  fc.assert(
    fc.property(fc.uniqueArray(name), (names) => {
      const back = parseHostList(formatHostList(names));
      return back.length === names.length && names.every((one) => back.includes(one));
    }),
  );
});
