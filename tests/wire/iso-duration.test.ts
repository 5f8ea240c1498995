import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { formatIsoDuration, parseIsoDuration } from '../../lib/wire/iso-duration.js';

fc.configureGlobal({ seed: 20260128 });

const READ: [string, number][] = [
  ['PT30M', 1800],
  ['PT1H', 3600],
  ['PT1H30M', 5400],
  ['PT90M', 5400],
  ['PT48H', 172_800],
  ['P0DT1M', 60],
  ['P1DT2H', 93_600],
  ['P1D', 86_400],
  ['P2W', 1_209_600],
  ['P1Y', 31_557_600],
  ['P1M', 2_629_800],
  ['P1Y2M3W4DT5H6M7S', 31_557_600 + 2 * 2_629_800 + 25 * 86_400 + 5 * 3600 + 6 * 60 + 7],
  ['PT1.9S', 1],
  ['PT0.5S', 0],
  ['PT0,5S', 0],
  ['PT0S', 0],
  ['P0D', 0],
];

const REFUSED = [
  '',
  'P',
  'PT',
  'P1',
  'T1M',
  '1M',
  '30',
  '00:30:00',
  'P1DT',
  'PT1M2H',
  'P1H',
  'P1DT1D',
  'pt30m',
  'PT30m',
  'PT1.5H',
  'P0.5D',
  'PT.5S',
  'PT1.S',
  '-PT1M',
  'PT-1M',
  'P-1D',
  'PT1M ',
  ' PT1M',
  'PT1M\n',
  'PT1e3S',
  'PT99999999999999999999S',
  'P999999999Y',
];

t.test('reads whole seconds', async (t) => {
  for (const [text, seconds] of READ) t.equal(parseIsoDuration(text), seconds, text);
});

t.test('refuses everything else', async (t) => {
  for (const text of REFUSED) t.throws(() => parseIsoDuration(text), FormatError, JSON.stringify(text));
});

t.test('a long text is refused as fast as a short one', async (t) => {
  t.throws(() => parseIsoDuration(`P${'1'.repeat(100_000)}`), FormatError);
});

t.test('writes hours, minutes and seconds', async (t) => {
  t.equal(formatIsoDuration(0), 'PT0M');
  t.equal(formatIsoDuration(60), 'PT1M');
  t.equal(formatIsoDuration(5400), 'PT1H30M');
  t.equal(formatIsoDuration(7200), 'PT2H');
  t.equal(formatIsoDuration(95_400), 'PT26H30M');
  t.equal(formatIsoDuration(3661), 'PT1H1M1S');
  t.equal(formatIsoDuration(59.2), 'PT1M');
  for (const bad of [-1, -0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
    t.throws(() => formatIsoDuration(bad), FormatError);
  }
});

t.test('parse after format changes nothing', async () => {
  fc.assert(fc.property(fc.maxSafeNat(), (time) => parseIsoDuration(formatIsoDuration(time)) === time));
});

t.test('throws nothing but FormatError', async () => {
  const junk = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0129PTYMWDHS.,-') }));
  fc.assert(
    fc.property(junk, (text) => {
      try {
        return Number.isSafeInteger(parseIsoDuration(text));
      } catch (error) {
        return error instanceof FormatError;
      }
    }),
    { numRuns: 2000 },
  );
});
