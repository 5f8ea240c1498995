import fc from 'fast-check';
import t from 'tap';
import { FormatError } from '../../lib/format-error.js';
import { formatMemory, parseMaxRss, parseMemory } from '../../lib/slurm/memory-size.js';

const K = 1024;
const M = 1024 * K;
const G = 1024 * M;

const READ: [string | number, number][] = [
  ['1G', G],
  ['1g', G],
  ['1GB', G],
  ['1Gb', G],
  ['512M', 512 * M],
  ['100', 100 * M],
  [100, 100 * M],
  ['0', 0],
  ['1K', K],
  ['1025K', 1025 * K],
  ['1T', 1024 * G],
  ['2P', 2 * 1024 ** 2 * G],
  ['1.5G', 1536 * M],
  ['1.50G', 1536 * M],
  ['945312K', 945_312 * K],
];

const REFUSED = [
  '',
  'G',
  '-1',
  -1,
  '1GiB',
  '1Gi',
  '1B',
  '1E',
  '1 G',
  ' 5',
  '5_',
  '0x10',
  '+3',
  '1.5.5G',
  '1e3',
  '16?',
  'UNLIMITED',
  Number.NaN,
  '99999999999999999999',
  '9999999P',
  '1G\n',
];

t.test('reads sizes; a bare number is megabytes', async (t) => {
  for (const [text, bytes] of READ) t.same(parseMemory(text), { bytes, per: 'node' }, String(text));
  t.same(parseMemory('4Gc'), { bytes: 4 * G, per: 'cpu' }, 'old ReqMem per core');
  t.same(parseMemory('4Gn'), { bytes: 4 * G, per: 'node' }, 'old ReqMem per node');
});

t.test('refuses what sbatch refuses', async (t) => {
  for (const text of REFUSED) t.throws(() => parseMemory(text), FormatError, JSON.stringify(text));
});

t.test('MaxRSS: bytes, or null when there is none', async (t) => {
  t.equal(parseMaxRss('1116K'), 1116 * K);
  t.equal(parseMaxRss('694248K'), 694_248 * K);
  t.equal(parseMaxRss('1.50M'), 1536 * K);
  t.equal(parseMaxRss('0'), 0);
  t.equal(parseMaxRss(''), null);
  for (const text of ['4Gc', 'x', ' ', '-1']) t.throws(() => parseMaxRss(text), FormatError, text);
});

t.test('formats as short as can be without loss', async (t) => {
  t.equal(formatMemory(0), '0');
  t.equal(formatMemory(G), '1G');
  t.equal(formatMemory(1536 * M), '1536M');
  t.equal(formatMemory(945_312 * K), '945312K');
  t.equal(formatMemory(1024 * G), '1T');
  t.equal(formatMemory(2 * 1024 ** 2 * G), '2048T', 'sbatch knows no P');
  t.equal(formatMemory(1), '1K');
  for (const bad of [-1, Number.NaN, Number.POSITIVE_INFINITY])
    t.throws(() => formatMemory(bad), FormatError);
});

t.test('parse after format changes nothing', async () => {
  fc.assert(
    fc.property(fc.nat({ max: 2 ** 40 }), (kilo) => parseMemory(formatMemory(kilo * K)).bytes === kilo * K),
  );
});

t.test('throws nothing but FormatError', async () => {
  const junk = fc.oneof(fc.string(), fc.double(), fc.string({ unit: fc.constantFrom(...'019.KMGTPBcni') }));
  fc.assert(
    fc.property(junk, (value) => {
      try {
        return (
          Number.isSafeInteger(parseMemory(value).bytes) && Number.isSafeInteger(parseMaxRss(String(value)))
        );
      } catch (error) {
        return error instanceof FormatError;
      }
    }),
    { numRuns: 2000 },
  );
});
