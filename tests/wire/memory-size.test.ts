import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { parseMemorySize } from '../../lib/wire/memory-size.js';

fc.configureGlobal({ seed: 20260127 });

const K = 1024;
const M = 1024 * K;
const G = 1024 * M;

const READ: [string, number][] = [
  ['512m', 512 * M],
  ['2g', 2 * G],
  ['2G', 2 * G],
  ['100k', 100 * K],
  ['1t', 1024 * G],
  ['1048576', M],
  ['0', 0],
  ['007m', 7 * M],
  ['8191t', 8191 * 1024 * G],
];

const REFUSED = [
  '',
  'm',
  '-1',
  '+1',
  '1.5g',
  '1gb',
  '1GiB',
  '1b',
  '1p',
  '1 g',
  ' 1g',
  '1g ',
  '1g\n',
  '0x10',
  '1e3',
  '8192t',
  '9007199254740992',
  '99999999999999999999',
];

t.test('reads sizes; a bare number is bytes', async (t) => {
  for (const [text, bytes] of READ) t.equal(parseMemorySize(text), bytes, text);
});

t.test('refuses everything else', async (t) => {
  for (const text of REFUSED) t.throws(() => parseMemorySize(text), FormatError, JSON.stringify(text));
});

t.test('throws nothing but FormatError', async () => {
  const junk = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0129kmgtKMGTb.- ') }));
  fc.assert(
    fc.property(junk, (text) => {
      try {
        return Number.isSafeInteger(parseMemorySize(text));
      } catch (error) {
        return error instanceof FormatError;
      }
    }),
    { numRuns: 2000 },
  );
});
