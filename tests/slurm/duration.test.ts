import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { formatDuration, parseDuration, parseTimeLimit } from '../../lib/slurm/duration.js';

const FOREVER = Number.POSITIVE_INFINITY;

const READ: [string | number, number][] = [
  ['1', 60],
  ['90', 5400],
  [90, 5400],
  [0, 0],
  ['1:2', 62],
  ['0:61', 61],
  ['60:60', 3660],
  ['90:00', 5400],
  ['1:2:3', 3723],
  ['00:00:05', 5],
  ['00:01:26', 86],
  ['72:00:00', 259_200],
  ['1-2', 93_600],
  ['1-0', 86_400],
  ['1-25', 176_400],
  ['1-2:3', 93_780],
  ['1-02:03:04', 93_784],
  ['366-00:00:00', 31_622_400],
  ['01:26.123', 86.123],
  ['00:00.012', 0.012],
  ['1-02:03:04.500', 93_784.5],
  ['UNLIMITED', FOREVER],
  ['INFINITE', FOREVER],
  ['infinite', FOREVER],
  ['-1', FOREVER],
  [-1, FOREVER],
  [FOREVER, FOREVER],
];

const REFUSED = [
  '',
  'INVALID',
  'Partition_Limit',
  'NOT_SET',
  'N/A',
  'Unknown',
  'NONE',
  '1.5',
  1.5,
  '1-2.5',
  '1:2:3:4',
  '-1:2',
  -2,
  Number.NaN,
  ' 5',
  '5 ',
  '5\n',
  '1s',
  '1h',
  ':',
  '1:',
  ':1',
  '-',
  '1e3',
  1e21,
];

t.test('reads every spelling of a time', async (t) => {
  for (const [text, seconds] of READ) t.equal(parseDuration(text), seconds, String(text));
});

t.test('refuses other words', async (t) => {
  for (const text of REFUSED) t.throws(() => parseDuration(text), FormatError, JSON.stringify(text));
});

t.test('a limit is what sbatch makes of it: whole minutes, 0 for none', async (t) => {
  // sbatch -v --time=… on Slurm 22.05
  const made: Record<string, string> = {
    '1': '00:01:00',
    '1:2': '00:02:00',
    '1:2:3': '01:03:00',
    '1-2': '1-02:00:00',
    '1-2:3:4': '1-02:04:00',
    '0:1': '00:01:00',
    '0:61': '00:02:00',
    '61': '01:01:00',
    '00:00:05': '00:01:00',
    '60:60': '01:01:00',
    '1-25': '2-01:00:00',
    '71582788:00:00': '2982616-04:00:00',
    '0': 'UNLIMITED',
    '0-0': 'UNLIMITED',
    INFINITE: 'UNLIMITED',
  };
  for (const [text, shown] of Object.entries(made))
    t.equal(formatDuration(parseTimeLimit(text)), shown, text);
});

t.test('formats as squeue does', async (t) => {
  t.equal(formatDuration(0), '00:00:00');
  t.equal(formatDuration(86_399), '23:59:59');
  t.equal(formatDuration(86_400), '1-00:00:00');
  t.equal(formatDuration(0.2), '00:00:01');
  t.equal(formatDuration(FOREVER), 'UNLIMITED');
  for (const bad of [-1, Number.NaN, -FOREVER]) t.throws(() => formatDuration(bad), FormatError);
});

t.test('parse after format changes nothing', async () => {
  const seconds = fc.oneof(fc.nat({ max: 2 ** 31 }), fc.constant(FOREVER));
  fc.assert(fc.property(seconds, (value) => parseDuration(formatDuration(value)) === value));
});

t.test('throws nothing but FormatError', async () => {
  const junk = fc.oneof(fc.string(), fc.double(), fc.string({ unit: fc.constantFrom(...'0129:-.') }));
  fc.assert(
    fc.property(junk, (value) => {
      try {
        return parseDuration(value) >= 0;
      } catch (error) {
        return error instanceof FormatError;
      }
    }),
    { numRuns: 2000 },
  );
});
