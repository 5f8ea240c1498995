import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { NO_CAPS } from '../../lib/chain/caps.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { displayOf, LiveScreen, type ScreenStream } from '../../lib/cli/live-screen.js';
import { watchChain } from '../../lib/cli/mem-escalate/watch.js';

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';

/** A stream that keeps what is written to it; a terminal when it has a size. */
function fakeStream(size: { columns: number; rows: number } | null) {
  const chunks: string[] = [];
  const stream: ScreenStream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  if (size !== null) Object.assign(stream, { isTTY: true, ...size });
  return { stream, chunks };
}

/** The lines that a terminal shows after all this: moves up, clears and newlines are all that is used. */
function picture(chunks: readonly string[]): string[] {
  const lines: string[] = [''];
  let row = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this reads
  for (const [part] of chunks.join('').matchAll(/\u001b\[\??\d*[a-zA-Z]|\r|\n|[^\u001b\r\n]+/g)) {
    const up = /\[(\d+)A$/.exec(part)?.[1];
    if (up !== undefined) row -= Number(up);
    else if (part.endsWith('[2K')) lines[row] = '';
    else if (part.endsWith('[J')) lines.splice(row, Number.POSITIVE_INFINITY, '');
    else if (part === '\n') lines[++row] ??= '';
    else if (!part.startsWith('\u001b') && part !== '\r') lines[row] += part;
  }
  return lines;
}

t.test('redraws in place, and leaves the last picture', async (t) => {
  const { stream, chunks } = fakeStream({ columns: 80, rows: 24 });
  const screen = new LiveScreen(stream);
  screen.show(() => 'one\ntwo\nthree\n', 'a');
  t.same(picture(chunks), ['one', 'two', 'three', '']);
  screen.show(() => 'four\n', 'b');
  t.same(picture(chunks), ['four', '']);
  screen.show(() => '1\n2', 'c');
  t.equal(chunks.filter((chunk) => chunk.includes(HIDE)).length, 1);
  t.notMatch(chunks.join(''), SHOW);
  screen.close();
  screen.close();
  t.same(picture(chunks), ['1', '2', '']);
  t.equal(chunks.filter((chunk) => chunk.includes(SHOW)).length, 1);
  t.notMatch(chunks.join(''), '?1049', 'no alternate screen');
});

t.test('crops to the height of the terminal', async (t) => {
  const { stream, chunks } = fakeStream({ columns: 80, rows: 5 });
  const screen = new LiveScreen(stream);
  const text = Array.from({ length: 10 }, (_, line) => `line ${line}`).join('\n');
  screen.show(() => text, '');
  screen.show(() => text, '');
  t.same(picture(chunks), ['line 0', 'line 1', 'line 2', '... 7 more lines', '']);
  screen.close();
});

t.test('draws anew when the terminal changes its size', async (t) => {
  const { stream, chunks } = fakeStream({ columns: 80, rows: 24 });
  const screen = new LiveScreen(stream);
  screen.show(() => `${stream.columns} columns`, '');
  stream.columns = 40;
  stream.emit('resize');
  t.same(picture(chunks), ['40 columns', '']);
  screen.show(() => 'x'.repeat(40), '');
  stream.columns = 20;
  stream.emit('resize');
  t.match(chunks.at(-1), '\u001b[2A', 'the terminal has folded the line');
  screen.close();
  t.equal(stream.listenerCount('resize'), 0);
});

t.test('prints changed summaries where there is no terminal', async (t) => {
  const { stream, chunks } = fakeStream(null);
  const screen = new LiveScreen(stream);
  for (const summary of ['a', 'a', 'b', 'a']) screen.show(() => 'never', summary);
  screen.close();
  t.equal(chunks.join(''), 'a\nb\na\n');
});

t.test('leaves Ctrl-C to who listens for it, and takes its own listeners away', async (t) => {
  const mine = () => {};
  process.on('SIGINT', mine);
  t.teardown(() => process.off('SIGINT', mine));
  const listeners = () => (['SIGINT', 'SIGTERM'] as const).map((signal) => process.listenerCount(signal));
  const [interrupts = 0, terminations = 0] = listeners();
  const screen = new LiveScreen(fakeStream({ columns: 80, rows: 24 }).stream);
  screen.show(() => 'x', '');
  t.same(listeners(), [interrupts, terminations + 1]);
  screen.close();
  t.same(listeners(), [interrupts, terminations]);
});

t.test('a signal ends the process with the cursor restored', async (t) => {
  const module = new URL('../../lib/cli/live-screen.js', import.meta.url);
  const script = `import { LiveScreen } from ${JSON.stringify(module.href)};
    process.stdout.isTTY = true;
    new LiveScreen(process.stdout).show(() => 'ready', '');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    if (output.includes('ready')) child.kill('SIGTERM');
  });
  const signal = await new Promise((resolve) => child.on('close', (_code, by) => resolve(by)));
  t.equal(signal, 'SIGTERM');
  t.ok(output.endsWith(SHOW));
});

t.test('what a stream can show', async (t) => {
  const terminal = fakeStream({ columns: 100, rows: 24 }).stream;
  const pipe = fakeStream(null).stream;
  t.same(displayOf(terminal, { LANG: 'en_US.UTF-8' }), { columns: 100, colour: true, unicode: true });
  t.same(displayOf(terminal, { LANG: 'C.utf8', NO_COLOR: '1' }), {
    columns: 100,
    colour: false,
    unicode: true,
  });
  t.same(displayOf(terminal, { LC_ALL: 'C', LANG: 'C.utf8' }), {
    columns: 100,
    colour: true,
    unicode: false,
  });
  t.same(displayOf(pipe, {}), { columns: 120, colour: false, unicode: false });
  t.equal(displayOf(pipe, { COLUMNS: '90' }).columns, 90);
});

const CHAIN = '20251224-053904-t0l3';

/** A chain of ten tasks in its first round, and a squeue that prints what stands in a file. */
function runningChain(t: Test, queue: string) {
  const folder = t.testdir({ bin: {}, checkpoints: {}, queue });
  const squeue = `#!/bin/bash\necho '*** banner ***'\ngrep -q DOWN ${folder}/queue && exit 1\ncat ${folder}/queue\n`;
  writeFileSync(`${folder}/bin/squeue`, squeue, { mode: 0o755 });
  writeFileSync(`${folder}/bin/sacct`, '#!/bin/bash\nexit 1\n', { mode: 0o755 });
  const paths = new TrackerPaths(folder).chain(CHAIN);
  const env = { PATH: `${folder}/bin${delimiter}${process.env.PATH}` };
  const setQueue = (text: string) => writeFileSync(`${folder}/queue`, text);
  const write = (change: object) =>
    writeFileSync(paths.checkpoint, JSON.stringify({ ...checkpoint(), ...change }));
  write({});
  return { paths, env, setQueue, write };
}

function checkpoint() {
  const now = Date.now() / 1000;
  const job = {
    token: 'j',
    level: 0,
    array: '0-9',
    throttle: null,
    indices: '0-9',
    count: 10,
    mapped: false,
  };
  const round = {
    number: 1,
    phase: 'running',
    startedAt: now,
    handlers: [{ token: 'h', jobId: '2' }],
    result: null,
  };
  return {
    ...{
      version: 1,
      chain: CHAIN,
      sequence: 1,
      state: 'active',
      reason: null,
      createdAt: now,
      updatedAt: now,
    },
    ...{ user: 'ana', events: [] as object[] },
    request: { script: { path: '/job.sh', name: 'job.sh', sha256: '' }, startLevel: 0, maxLevel: 0 },
    ladder: {
      levels: [{ partition: null, mem: null, time: null }],
      axes: null,
      policy: { states: {}, exitCodes: [] },
      caps: NO_CAPS,
      nodeExclusion: null,
    },
    evidence: { accounting: true, records: false, comments: true },
    excludedNodes: [],
    rounds: [{ ...round, jobs: [{ ...job, exclude: [], jobId: '1' }] }] as object[],
  };
}

const RUNNING = '1_[5-9]|PENDING|Priority|x\n1_4|RUNNING|None|x\n2|PENDING|Dependency|x\n';

t.test('watches a chain until it has ended', async (t) => {
  const { paths, env, setQueue, write } = runningChain(t, RUNNING);
  const { stream, chunks } = fakeStream(null);
  const { signal } = new AbortController();
  const watched = watchChain(paths, { interval: 0.1, env, stream, signal, untilEnded: true });
  const seen = async (text: string) => {
    while (!chunks.join('').includes(text)) await Promise.race([sleep(50), watched]);
  };
  await seen('ACTIVE round 1: 1 RUNNING  5 PENDING  4 UNKNOWN\n');
  setQueue('DOWN');
  await sleep(300);
  setQueue('1_4|RUNNING|None|x\n');
  await seen('ACTIVE round 1: 1 RUNNING  9 UNKNOWN\n');
  const buckets = { completed: '0-9', retrying: '', failed: '', unknown: '' };
  const result = { finishedAt: 1, states: { COMPLETED: 10 }, buckets, failures: [], retries: [], warned: '' };
  const [round] = checkpoint().rounds;
  write({ sequence: 2, state: 'completed', rounds: [{ ...round, phase: 'finished', result }] });
  const status = await watched;
  t.match(status, { state: 'COMPLETED', counts: { completed: 10 } });
  t.match(chunks.at(-1), 'COMPLETED round 1: 10 COMPLETED');
  t.match(chunks[0], 'RUNNING', 'the first picture waits for the queue');
});

t.test('returns when a chain stays stalled or is blocked, also without a stream', async (t) => {
  const { paths, env, write } = runningChain(t, '');
  const { signal } = new AbortController();
  const options = { interval: 0.1, env, stream: null, signal, untilEnded: true };
  t.equal((await watchChain(paths, options)).state, 'STALLED');
  write({ state: 'blocked', reason: 'no', sequence: 2 });
  t.equal((await watchChain(paths, options)).state, 'BLOCKED');
});

t.test('an abort ends the watch with what is known', async (t) => {
  const { paths, env } = runningChain(t, RUNNING);
  const abort = new AbortController();
  const { stream } = fakeStream(null);
  const options = { interval: 60, env, stream, signal: abort.signal, untilEnded: true };
  const watched = watchChain(paths, options);
  await sleep(100);
  abort.abort();
  t.equal((await watched).state, 'ACTIVE');
  await t.rejects(watchChain(paths.tracker.chain('20251224-053904-none'), options), {
    code: 'unknown-chain',
  });
});
