import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { type ParameterValue, writeValue } from '../../lib/workflow/parameter-value.js';
import { isLogScale, MOST_VALUES, parseValues } from '../../lib/workflow/parameter-values.js';

fc.configureGlobal({ seed: 20260114 });

const written = (text: string, format = '') => parseValues(text).map((value) => writeValue(value, format));

/** What a person writes, how it is written into names, and what stands there. */
const VALUES: [text: string, format: string, values: string][] = [
  ['1:5', '', '1 2 3 4 5'],
  ['0:100:10', '', '0 10 20 30 40 50 60 70 80 90 100'],
  ['1:10:3', '', '1 4 7 10'],
  ['1:9:3', '', '1 4 7'],
  ['5:1:-2', '', '5 3 1'],
  ['-2:2', '', '-2 -1 0 1 2'],
  ['5:1', '', ''],
  ['1:5:-1', '', ''],
  ['3:3', '', '3'],
  ['{1:3}', '', '1 2 3'],
  [' 1 : 3 ', '', '1 2 3'],
  ['1:3', '03d', '001 002 003'],
  ['98:101', '02d', '98 99 100 101'],
  ['-1:1', '03d', '-01 000 001'],
  ['1:3', '03', '001 002 003'],
  // Of the specification.
  ['0.1:1.0:0.1', '.2f', '0.10 0.20 0.30 0.40 0.50 0.60 0.70 0.80 0.90 1.00'],
  ['0.1:1.0:0.1', '', '0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1'],
  ['0.0:1.0:0.1', '', '0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1'],
  ['[0.0001,0.001,0.01]', '.4f', '0.0001 0.0010 0.0100'],
  ['[0.0001,0.0005,0.001,0.005,0.01]', '', '0.0001 0.0005 0.001 0.005 0.01'],
  ['[0.001]', '.2e', '1.00e-03'],
  ["['adam','sgd','rmsprop']", '', 'adam sgd rmsprop'],
  ["['cifar10', 'mnist', 'imagenet']", '', 'cifar10 mnist imagenet'],
  ['[16,32,64,128]', '', '16 32 64 128'],
  ['0:1:0.25', '', '0 0.25 0.5 0.75 1'],
  ['0.5:3', '', '0.5 1.5 2.5'],
  ['1:0:-0.25', '.2f', '1.00 0.75 0.50 0.25 0.00'],
  ['5e-1:1.5:5e-1', '', '0.5 1 1.5'],
  ['0.1:0.35:0.1', '', '0.1 0.2 0.3'],
  ['1e-7:3e-7:1e-7', '', '0.0000001 0.0000002 0.0000003'],
  ['0.0001:0.01:10', '.4f', '0.0001 0.0002 0.0003 0.0005 0.0008 0.0013 0.0022 0.0036 0.0060 0.0100'],
  ['[1.0,2.50,1e22,1e-7,-0.5]', '', '1 2.5 10000000000000000000000 0.0000001 -0.5'],
  ['[2.5,3.5,-2.5,0.5,1.5]', '.0f', '2 4 -2 0 2'],
  ['[0.125,0.375,0.15,2.675]', '.2f', '0.12 0.38 0.15 2.67'],
  ['[1,2]', '.1f', '1.0 2.0'],
  ['[12345]', '.2e', '1.23e+04'],
  ['[1.5]', '03d', '1.5'],
  ['[7,+5,007]', '', '7 5 7'],
  ['[123456789012345678901234567890]', '', '123456789012345678901234567890'],
  ['[\'1\', "2"]', '03d', '1 2'],
  ['["a:b"]', '', 'a:b'],
  ["'a:b'", '', 'a:b'],
  ['[a, b ,c,]', '', 'a b c'],
  ['[]', '', ''],
  ['5', '', '5'],
  ['5', '04d', '0005'],
  ['0.10', '', '0.1'],
  ['word', '.2f', 'word'],
  ['[nan,inf]', '.2f', 'nan inf'],
];

t.test('values as a person means them', async (t) => {
  for (const [text, format, values] of VALUES) t.equal(written(text, format).join(' '), values, text);
  t.same(written("['a,b', 'c']"), ['a,b', 'c'], 'a comma in quotes is text');
  t.same(written(''), [''], 'nothing is a text');
});

t.test('what is no value', async (t) => {
  const refused = ['1:2:3:4', 'a:b', '1:', ':', '1:5:0', '0.1:0.5:0.0', '1:x', '[1,,2]', '[,]', '[1,2', '['];
  for (const text of [...refused, '1:1e9', '0:1:1e-9', 'http://x', '1e9999:2']) {
    t.throws(() => parseValues(text), FormatError, text);
  }
  t.throws(() => parseValues('1:5:0'), /Step cannot be zero/);
  t.equal(parseValues(`1:${MOST_VALUES}`).length, MOST_VALUES);
});

t.test('which ranges are logarithmic', async (t) => {
  for (const text of ['0.0001:0.01:10', '0.5:1:5']) t.ok(isLogScale(text), text);
  for (const text of ['0:1:10', '1:3:5', '0.1:20:10', '1:10', 'a', '[1,2]', '0.1:1:0.1', '1.0:0.5:3']) {
    t.notOk(isLogScale(text), text);
  }
});

t.test('integer ranges have both ends, and a step between neighbours', async () => {
  const ends = fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.nat(500), fc.integer({ min: 1, max: 50 }));
  fc.assert(
    fc.property(ends, fc.boolean(), ([start, steps, step], down) => {
      const by = down ? -step : step;
      const end = start + steps * by;
      const values = written(`${start}:${end}:${by}`).map(Number);
      return (
        values.length === steps + 1 &&
        values[0] === start &&
        values.every((value, place) => value === start + place * by)
      );
    }),
  );
});

t.test('float ranges are exact to the last decimal that was written', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -10_000, max: 10_000 }),
      fc.nat(200),
      fc.integer({ min: 1, max: 999 }),
      fc.integer({ min: 1, max: 6 }),
      (start, steps, step, places) => {
        const text = (units: number) => (units / 10 ** places).toFixed(places);
        const end = start + steps * step;
        const values = written(`${text(start)}:${text(end)}:${text(step)}`, `.${places}f`);
        const expected = Array.from({ length: steps + 1 }, (_, place) => text(start + place * step));
        const logarithmic = isLogScale(`${text(start)}:${text(end)}:${text(step)}`);
        return logarithmic || values.map(unsigned).join() === expected.map(unsigned).join();
      },
    ),
  );
});

/** Zero has no sign for a person. */
function unsigned(text: string): string {
  return text.replace(/^-(?=[0.]*$)/, '');
}

t.test('values round trip: what is written reads as the same value', async () => {
  const value = fc.oneof(
    fc
      .bigInt({ min: -(2n ** 70n), max: 2n ** 70n })
      .map((value): ParameterValue => ({ is: 'integer', value })),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((value) => !Object.is(value, -0))
      .map((value): ParameterValue => ({ is: 'float', value })),
  );
  fc.assert(
    fc.property(value, (value) => {
      const text = writeValue(value, '');
      const [again] = parseValues(text);
      return again !== undefined && !text.includes('e') && Number(again.value) === Number(value.value);
    }),
  );
});

t.test('decimals are those of the nearest number, halves to even', async () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.nat(8), (value, decimals) => {
      const text = writeValue({ is: 'float', value }, `.${decimals}f`);
      return Math.abs(Number(text) - value) <= 0.5 / 10 ** decimals + 1e-9 && /^-?\d+(\.\d+)?$/.test(text);
    }),
  );
});
