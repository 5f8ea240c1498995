import { appendFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseRunLine, RunsLog } from '../../lib/pocket/daemon/runs-log.js';

const CLAIM = (run: string, pid = 7) => `\n${run} by ${pid}:100;\n`;
const END = (run: string, code = 0) => `\n${run} ended ${code}:0:0:4096:0:1700000000000;\n`;

t.test('lines', async (t) => {
  t.same(parseRunLine('5.0 by 7:100;'), { what: 'claim', run: '5.0', supervisor: { pid: 7, started: 100 } });
  t.match(parseRunLine('5.1 ended 3:9:1::0:12;'), {
    what: 'end',
    run: '5.1',
    end: { code: 3, signal: 9, outOfMemory: true, largestProcess: null, launchFailed: false, at: 12 },
  });
  for (const line of ['', '5.0 by 7:1', '5.0 by 7;', '5.0 ended 1:2;', '5.0 by 7:15.1 by 8:2;', 'x by 1:2;'])
    t.equal(parseRunLine(line), null);
});

t.test('claims and ends, read on as they are written', async (t) => {
  const folder = t.testdir();
  const runs = new RunsLog(folder);
  const log = join(folder, runs.expect('1.0'));
  t.equal(join(folder, runs.expect('2.0')), log);
  t.same(runs.claimed(), []);
  appendFileSync(log, CLAIM('1.0'));
  runs.read();
  t.same(runs.claim('1.0'), { pid: 7, started: 100 });
  t.equal(runs.end('1.0'), null);
  appendFileSync(log, END('1.0', 3));
  runs.read();
  t.match(runs.end('1.0'), { code: 3, at: 1700000000000 });
  t.equal(runs.claim('2.0'), null);
  t.match(new RunsLog(folder).end('1.0'), { code: 3 }, 'another daemon reads the same');
});

t.test('a line that is cut off anywhere counts as not written, and spoils no other', async (t) => {
  const text = `${CLAIM('1.0')}${END('1.0', 3)}`;
  for (let length = 0; length <= text.length; length++) {
    const folder = t.testdir();
    const log = join(folder, '1.log');
    writeFileSync(log, text.slice(0, length));
    const runs = new RunsLog(folder);
    const claimed = length >= CLAIM('1.0').length;
    t.equal(runs.claim('1.0') !== null, claimed, `claim of ${length} bytes`);
    t.equal(runs.end('1.0') !== null, length === text.length, `end of ${length} bytes`);
    appendFileSync(log, CLAIM('2.0', 8));
    runs.read();
    t.same(runs.claim('2.0'), { pid: 8, started: 100 });
  }
});

t.test('a line that is read in two parts', async (t) => {
  const folder = t.testdir();
  const runs = new RunsLog(folder);
  const log = join(folder, runs.expect('1.0'));
  for (const byte of CLAIM('1.0')) {
    appendFileSync(log, byte);
    runs.read();
  }
  t.same(runs.claim('1.0'), { pid: 7, started: 100 });
});

t.test('a run whose number comes again begins anew, also for the next daemon', async (t) => {
  const folder = t.testdir();
  const runs = new RunsLog(folder);
  const log = join(folder, runs.expect('1.0'));
  appendFileSync(log, CLAIM('1.0') + END('1.0'));
  runs.read();
  runs.forget('1.0');
  t.same(runs.claimed(), []);
  runs.expect('1.0');
  runs.read();
  t.equal(runs.end('1.0'), null);
  t.same(new RunsLog(folder).claimed(), []);
  appendFileSync(log, CLAIM('1.0', 9));
  for (const reader of [runs, new RunsLog(folder)]) {
    reader.read();
    t.same(reader.claim('1.0'), { pid: 9, started: 100 });
    t.equal(reader.end('1.0'), null);
  }
});

t.test('a large log gets no further runs, and goes with the last of its own', async (t) => {
  const folder = t.testdir();
  const runs = new RunsLog(folder);
  const first = runs.expect('1.0');
  appendFileSync(join(folder, first), `${CLAIM('1.0')}${'\n'.repeat(2 ** 20)}${END('1.0')}`);
  runs.read();
  const second = runs.expect('2.0');
  t.not(second, first);
  t.match(runs.end('1.0'), { code: 0 });
  runs.forget('1.0');
  t.same(readdirSync(folder), [second]);
  runs.close();
  t.same(readdirSync(folder), [second], 'a run in it goes on');
  runs.forget('2.0');
  runs.close();
  t.same(readdirSync(folder), []);
});
