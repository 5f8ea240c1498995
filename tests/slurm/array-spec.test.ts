import fc from 'fast-check';
import t from 'tap';
import {
  type ArraySpec,
  ArraySpecError,
  count,
  expand,
  findOverlap,
  formatRun,
  formatSpec,
  indexSet,
  MAX_INDEX,
  parseArraySpec,
  type Run,
  toIndices,
} from '../../lib/slurm/array-spec.js';

const run = (first: number, last = first, step = 1): Run => ({ first, last, step });

/** Text, its runs, its throttle. */
const READ: [string, Run[], number?][] = [
  ['0-9', [run(0, 9)]],
  ['7', [run(7)]],
  ['1,3,5-7:2', [run(1), run(3), run(5, 7, 2)]],
  ['0-15%4', [run(0, 15)], 4],
  ['1-3%0', [run(1, 3)]],
  ['1-3,', [run(1, 3)]],
  ['1-3,%5', [run(1, 3)], 5],
  ['1-9:3', [run(1, 7, 3)]],
  ['4-6:9', [run(4)]],
  ['0-1:2147483647', [run(0)]],
  ['007', [run(7)]],
  ['[3-10%2]', [run(3, 10)], 2],
  ['[3]', [run(3)]],
  [' 1,2\n', [run(1), run(2)]],
  ['9,3', [run(9), run(3)]],
];

t.test('reads what sbatch takes and squeue prints', async (t) => {
  for (const [text, runs, throttle] of READ) {
    t.same(parseArraySpec(text), { runs, throttle: throttle ?? null }, text);
  }
});

/** Text, and what the message must name. */
const REFUSED: [string, RegExp][] = [
  ['', /bad array part "": expected indices such as 0-9/],
  [',', /""/],
  ['1,,2', /""/],
  [',1', /""/],
  ['5-2', /"5-2": the last index must not be below the first, 5/],
  ['1,-1', /"-1"/],
  ['a', /"a"/],
  ['3-', /"3-"/],
  ['1-2-3', /"1-2-3"/],
  ['1:2', /"1:2"/],
  ['1-9:', /"1-9:"/],
  ['1-9:0', /"1-9:0": a step of 1 or more/],
  ['+1', /"\+1"/],
  ['1.5', /"1.5"/],
  ['1e3', /"1e3"/],
  ['1 - 3', /"1 - 3"/],
  ['1-3%', /"%": a number of tasks after %/],
  ['1-3%x', /"%x"/],
  ['1%2,3', /"%2,3"/],
  ['1%2%3', /"1%2%3": one % at most/],
  ['[1-3', /"\[1-3"/],
  ['99999999999', /"99999999999": numbers of 2147483647 at most/],
  ['0-1:99999999999', /numbers of 2147483647 at most/],
  [`0-${'9'.repeat(400)}`, /numbers of 2147483647 at most/],
  ['0-99999999', /names 100000000 tasks: at most 10000000 are allowed/],
  ['0-2147483647,0-2147483647', /names 4294967296 tasks/],
  ['1,3,5...', /cut short by Slurm: .*SLURM_BITSTR_LEN=0/],
  ['[1-2,4,7,11,...%4]', /cut short by Slurm/],
  ['1,\n2x', /"\\n2x"/],
];

t.test('refuses the rest in one line that names the part', async (t) => {
  for (const [text, message] of REFUSED) {
    t.throws(() => parseArraySpec(text), { name: 'ArraySpecError', message }, text.slice(0, 40));
    try {
      parseArraySpec(text);
    } catch (error) {
      t.ok(error instanceof ArraySpecError && !/\n/.test(error.message) && error.message.length < 200);
    }
  }
});

t.test('maxTasks counts by runs', async (t) => {
  t.throws(() => parseArraySpec('0-9', { maxTasks: 9 }), { message: /names 10 tasks: at most 9/ });
  t.same(parseArraySpec('0-9', { maxTasks: 10 }).runs, [run(0, 9)]);
  t.throws(() => parseArraySpec('0-5,0-5', { maxTasks: 10 }), ArraySpecError);
});

t.test('overlapping runs mean their union, as in Slurm', async (t) => {
  const many = parseArraySpec('3-8998:7,5-8993:11');
  t.equal(count(many), 1987, 'measured with sbatch');
  t.equal(toIndices(many).length, 1987);
  t.same([...expand(parseArraySpec('1-10:2,1-10:3,4'))], [1, 3, 4, 5, 7, 9, 10], 'measured with sbatch');
  t.same([...expand(parseArraySpec('8,2-3,1'))], [1, 2, 3, 8]);
});

t.test('findOverlap names the smallest index given twice', async (t) => {
  const overlap = (text: string) => findOverlap(parseArraySpec(text));
  t.equal(overlap('0-9,20-29'), null);
  t.equal(overlap('0-9,20,25,22-30:2'), null);
  t.equal(overlap('1-9:2,0-8:2'), null);
  t.equal(overlap('0-9,9'), 9);
  t.equal(overlap('20,20,5-9,3-7'), 5);
  t.equal(overlap('3-8998:7,5-8993:11'), 38);
});

t.test('large single runs are counted and walked without being stored', async (t) => {
  const spec: ArraySpec = { runs: [run(0, MAX_INDEX)], throttle: null };
  t.equal(count(spec), MAX_INDEX + 1);
  t.equal(findOverlap({ runs: [run(1, 3), run(5, 9)], throttle: null }), null);
  const walk = expand(spec);
  t.same([walk.next().value, walk.next().value], [0, 1]);
});

t.test('prints runs and throttle', async (t) => {
  t.equal(formatRun(run(7)), '7');
  t.equal(formatRun(run(7, 9)), '7-9');
  t.equal(formatRun(run(7, 19, 3)), '7-19:3');
  t.equal(formatSpec({ runs: [run(1), run(3, 9, 2)], throttle: 4 }), '1,3-9:2%4');
  t.equal(formatSpec({ runs: [], throttle: null }), '');
});

t.test('indexSet sorts, drops repeats, refuses what is no index', async (t) => {
  t.same([...indexSet([5, 1, 5, 3])], [1, 3, 5]);
  t.same([...indexSet(new Set<number>())], []);
  for (const bad of [-1, 1.5, Number.NaN, MAX_INDEX + 1, Number.POSITIVE_INFINITY]) {
    t.throws(() => indexSet([1, bad]), { name: 'ArraySpecError', message: /bad array index/ });
  }
});

const anyRun = fc
  .tuple(fc.nat(5000), fc.nat(60), fc.integer({ min: 1, max: 200 }))
  .map(([first, steps, step]) => run(first, first + steps * step, steps === 0 ? 1 : step));
const anySpec = fc.record({
  runs: fc.array(anyRun, { minLength: 1, maxLength: 12 }),
  throttle: fc.option(fc.integer({ min: 1, max: MAX_INDEX })),
});

t.test('what is printed reads back the same', async () => {
  fc.assert(fc.property(anySpec, (spec) => t.same(parseArraySpec(formatSpec(spec)), spec)));
});

t.test('walking, counting and overlaps agree with a plain set', async (t) => {
  const property = fc.property(anySpec, (spec) => {
    const times = new Map<number, number>();
    for (const { first, last, step } of spec.runs) {
      for (let index = first; index <= last; index += step) times.set(index, (times.get(index) ?? 0) + 1);
    }
    const members = [...times.keys()].sort((a, b) => a - b);
    t.same([...expand(spec)], members);
    t.same([...toIndices(spec)], members);
    t.equal(count(spec), members.length);
    t.equal(findOverlap(spec), members.find((index) => (times.get(index) ?? 0) > 1) ?? null);
  });
  fc.assert(property);
});

t.test('any text is read or refused with an ArraySpecError, at once', async (t) => {
  const arrayish = fc.string({ unit: fc.constantFrom(...'0123456789012345678,,--::%[]. a…'), maxLength: 40 });
  const property = fc.property(fc.oneof(arrayish, fc.string(), fc.string({ unit: 'binary' })), (text) => {
    try {
      const spec = parseArraySpec(text);
      t.ok(
        spec.runs.every(({ first, last, step }) => first <= last && step >= 1 && (last - first) % step === 0),
      );
    } catch (error) {
      // Without the text in the name: it may hold what a reader of TAP takes for a line of its own.
      t.ok(error instanceof ArraySpecError, 'refused as ArraySpecError');
    }
  });
  fc.assert(property, { numRuns: 2000 });
});
