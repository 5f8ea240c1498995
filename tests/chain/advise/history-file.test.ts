import fc from 'fast-check';
import t from 'tap';
import { parseHistory } from '../../../lib/chain/advise/history-file.js';
import { AfterokError } from '../../../lib/errors.js';

fc.configureGlobal({ seed: 20251224 });

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

const read = (text: string) => parseHistory(text, 'past.csv');

t.test('CSV: columns in any order, units of --mem, seconds or clocks', async (t) => {
  const text = `\uFEFFelapsed,Index,"memory",note,CPUs,state
90,0,2G,"a, b",4,
00:01:30,1,512,,,COMPLETED

1-00:00:00,2,1.5G,,2,OUT_OF_MEMORY
5,3,1G,,,RUNNING
`;
  t.match(read(text), [
    { index: 0, level: null, end: 'completed', mem: null, elapsed: 90, maxRss: 2 * GIGABYTE, cpus: 4 },
    { index: 1, elapsed: 90, maxRss: 512 * MEGABYTE, cpus: 1 },
    { index: 2, end: 'out_of_memory', elapsed: 86_400, maxRss: 1.5 * GIGABYTE },
  ]);
  t.equal(read(text).length, 3, 'what still runs is no history');
});

/** As `sacct -P -o …` prints an array: steps have MaxRSS, the pending rest is one row. */
const SACCT = `JobID|State|MaxRSS|ElapsedRaw|AllocCPUS|ReqMem
45_1|COMPLETED||6|2|1G
45_1.batch|COMPLETED|3336K|6|2|
45_1.0|COMPLETED|5000K|6|2|
45_2|OUT_OF_MEMORY||7|1|4Gc
45_2.batch|OUT_OF_MEMORY|421884K|7|1|
45_3|CANCELLED by 0||0|1|1G
45_[4-10%2]|PENDING||0|0|1G
46|TIMEOUT||88|1|0
`;

t.test('sacct -P', async (t) => {
  t.match(read(SACCT), [
    { index: 1, end: 'completed', elapsed: 6, cpus: 2, mem: GIGABYTE, maxRss: 5000 * 1024 },
    { index: 2, end: 'out_of_memory', mem: 4 * GIGABYTE, maxRss: 421_884 * 1024 },
    { index: 3, end: 'other', maxRss: null },
    { index: 46, end: 'timeout', elapsed: 88, mem: null },
  ]);
  const padded = SACCT.split('\n')
    .filter(Boolean)
    .map((line) => `${line}|`);
  t.same(read(padded.join('\n')), read(SACCT), 'sacct -p ends lines with a bar');
});

t.test('JSON Lines, among them the outcomes of a round', async (t) => {
  const text = `{"index":7,"memory":"3G","elapsed":12.5,"cpus":2}
{"index":8,"job":"56_8","state":"OUT_OF_MEMORY","terminal":true,"exit":{"code":0},"elapsed":5,"maxRss":1027903488}
{"index":9,"state":"COMPLETED","elapsed":5,"maxRss":null}
`;
  t.match(read(text), [
    { index: 7, end: 'completed', elapsed: 12.5, maxRss: 3 * GIGABYTE, cpus: 2 },
    { index: 8, end: 'out_of_memory', maxRss: 1_027_903_488 },
    { index: 9, maxRss: null },
  ]);
});

const REFUSED: [name: string, text: string, message: string | RegExp][] = [
  ['nothing', '\n', 'past.csv: empty, expected a head line and rows'],
  ['no head', '1,2G,60\n', /^past\.csv:1: no column index/],
  ['a column with a typo', 'index,memroy,elapsed\n', 'past.csv:1: no column memory; is it "memroy"?'],
  ['no rows', 'index,memory,elapsed\n', 'past.csv: no tasks that have ended'],
  ['a row too short', 'index,memory,elapsed\n1,2G\n', 'past.csv:2: found 2 values, expected 3'],
  ['a bad size', 'index,memory,elapsed\n\n1,two,3\n', /^past\.csv:3: invalid memory size "two"/],
  ['a bad time', 'index,memory,elapsed\n1,2G,soon\n', /^past\.csv:2: invalid time "soon"/],
  ['a bad index', 'index,memory,elapsed\n-1,2G,3\n', /^past\.csv:2: invalid index "-1"/],
  ['a bad job', 'JobID|MaxRSS|Elapsed\nx|2K|3\n', /^past\.csv:2: invalid job id "x"/],
  ['a bad state', 'index,memory,elapsed,state\n1,2G,3,FINE\n', /^past\.csv:2: invalid state "FINE"/],
  ['bad CPUs', 'index,memory,elapsed,cpus\n1,2G,3,many\n', /^past\.csv:2: invalid number of CPUs "many"/],
  ['JSON that is none', '{"index":1,"memory":1,"elapsed":1}\nx\n', 'past.csv:2: no JSON object'],
  ['many bad rows', `index,memory,elapsed\n${'1,x,1\n'.repeat(5)}`, /past\.csv:4: .*; and 2 more bad rows$/],
];

t.test('bad rows are named with file and line, in one line', async (t) => {
  for (const [name, text, message] of REFUSED)
    t.throws(() => read(text), { code: 'bad-history', message }, name);
  t.throws(() => read('index,memory,elapsed\n1,"\n",3'), { code: 'bad-history' });
});

t.test('whatever the text, it is read or refused in one line', async () => {
  const piece = fc.constantFrom(
    'JobID',
    'index',
    'memory',
    'elapsed',
    '|',
    ',',
    '\n',
    '{',
    '}',
    '"',
    '4_2',
    '1G',
    '9',
  );
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 20 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(text, (garbled) => {
      try {
        return read(`index,memory,elapsed\n${garbled}`).length > 0;
      } catch (error) {
        return error instanceof AfterokError && !error.message.includes('\n');
      }
    }),
    { numRuns: 500 },
  );
});
