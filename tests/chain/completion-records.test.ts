import fc from 'fast-check';
import t from 'tap';
import {
  type CompletionRecord,
  parseRecord,
  provedByRecord,
  readRecords,
  scriptExit,
} from '../../lib/chain/completion-records.js';
import { record } from './plain-chain.js';

t.test('a whole record is read, and nothing less', async (t) => {
  const text = JSON.stringify(record());
  t.same(parseRecord(`${text}\n`), record());
  for (let length = 0; length < text.length; length += 1)
    if (parseRecord(text.slice(0, length)) !== null) t.fail(`${length} characters are read`);
  const spoilt: Partial<Record<keyof CompletionRecord, unknown>>[] = [
    { job: 806 },
    { task: 'x' },
    { index: -1 },
    { start: null },
    { end: 1.5 },
    { end: null },
    { code: null },
    { signal: undefined },
  ];
  for (const change of spoilt) t.equal(parseRecord(JSON.stringify({ ...record(), ...change })), null);
  for (const other of ['null', '[]', '3', '{}', '']) t.equal(parseRecord(other), null, other);
  const open = record({ end: null, code: null, signal: null });
  t.same(parseRecord(JSON.stringify(open)), open);
});

t.test('never throws', async () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => parseRecord(text) === null));
});

t.test('of a folder the last run of each task counts, and only what was renamed into place', async (t) => {
  const file = (change: Partial<CompletionRecord>) => JSON.stringify(record(change));
  const folder = t.testdir({
    '806_3.0.json': file({ code: 1 }),
    '806_3.1.json': file({ restart: 1, end: null, code: null, signal: null }),
    '806_4.0.json': file({ task: 4, index: 4 }),
    '.806_5.0.new': file({ task: 5, index: 5 }),
    '806_6.0.json': file({ task: 6, index: 6 }).slice(0, 40),
    '812.0.json': file({ job: '812', task: null, index: 0 }),
  });
  const found = readRecords(folder)
    .map(({ job, task, restart, code }) => [job, task, restart, code])
    .sort();
  t.same(found, [
    ['806', 3, 1, null],
    ['806', 4, 0, 0],
    ['812', null, 0, 0],
  ]);
  t.same(readRecords(`${folder}/none`), []);
});

const STILL = { end: null, code: null, signal: null, oomKills: null };

/** What a record says of an attempt under a limit of 60 s, and what that proves. */
const PROOFS: [string, Partial<CompletionRecord>, string | null][] = [
  ['exit 0', {}, 'COMPLETED 0:0'],
  ['exit 0 in a cgroup where nothing was killed', { oomKills: 0 }, 'COMPLETED 0:0'],
  ['exit 3', { code: 3 }, 'FAILED 3:0'],
  ['exit 137', { code: 137 }, 'FAILED 137:0'],
  ['death by SIGKILL', { code: 0, signal: 9 }, 'FAILED 0:9'],
  ['exit 0 in spite of a process that the kernel killed', { oomKills: 1 }, 'OUT_OF_MEMORY 0:125'],
  ['exit 137 for that reason', { code: 137, oomKills: 2 }, 'OUT_OF_MEMORY 0:125'],
  ['started only', STILL, null],
  ['told to end in time, not ended', { ...STILL, term: 1020 }, null],
  ['told to end at the limit, killed', { ...STILL, term: 1061 }, 'TIMEOUT 0:0'],
  ['told to end at the limit, died', { term: 1061, end: 1061, signal: 15 }, 'TIMEOUT 0:0'],
  ['told to end at the limit, returned 0', { term: 1070, end: 1071 }, 'TIMEOUT 0:0'],
  ['told to end a little early, by its own clock', { term: 1056, end: 1056, signal: 15 }, 'TIMEOUT 0:0'],
  ['told to end in time, returned 0', { term: 1020, end: 1020 }, null],
  ['told to end in time, died', { term: 1020, end: 1020, signal: 15 }, 'FAILED 0:15'],
  ['past the limit, and nobody told it to end', { end: 1075 }, 'COMPLETED 0:0'],
];

t.test('what a record alone proves', async (t) => {
  for (const [what, change, expected] of PROOFS) {
    const proof = provedByRecord(record(change), 60);
    const told = proof === null ? null : `${proof.state} ${proof.exit.code}:${proof.exit.signal}`;
    t.equal(told, expected, what);
  }
});

t.test('limits are whole minutes, or not known', async (t) => {
  const told = record({ term: 1061, end: 1061, signal: 15 });
  t.equal(provedByRecord(told, 61)?.state, 'FAILED', 'Slurm makes two minutes of it');
  t.equal(provedByRecord(told, null)?.state, 'FAILED');
  t.equal(provedByRecord(told, Number.POSITIVE_INFINITY)?.state, 'FAILED');
});

t.test("the script's own end", async (t) => {
  t.same(scriptExit(record({ code: 137, oomKills: 1 })), { code: 137, signal: 0 });
  t.equal(scriptExit(record(STILL)), null);
});
