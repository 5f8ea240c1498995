import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { KILL_POINTS, type KillPoint } from '../../lib/chain/kill-point.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { run } from '../program.js';
import { waitFor } from '../wait-for.js';
import { accounting, slurm } from './cluster.js';
import { Bench, type Chain } from './harness.js';

t.jobs = 4;

/** Points that the handler of round 1 passes while it decides that round; it passes the others submitting round 2. */
const DECIDING: readonly KillPoint[] = ['round-observed', 'outcomes-written'];
const SUBMITTING = KILL_POINTS.filter((point) => !DECIDING.includes(point));

/** Waits until a handler of round 1 is dead, by SIGKILL. */
async function untilKilled(chain: Chain): Promise<void> {
  const token = `afterok:${chain.id}:r1:h`;
  await waitFor(
    'a handler killed',
    60,
    async () => {
      const rows = await accounting();
      const killed = rows.some(({ comment, exit }) => comment.startsWith(token) && exit === '0:9');
      return killed ? true : undefined;
    },
    () => chain.describe(''),
  );
}

async function resumed(t: Test, chain: Chain): Promise<void> {
  const { code, stdout, stderr } = await chain.run('--resume');
  t.equal(code, 0, stdout + stderr);
}

/** Both rounds happened once. */
async function assertOnce(t: Test, chain: Chain): Promise<void> {
  t.strictSame(chain.marks(), ['0 0', '1 0', '1 1', '2 0', '2 1']);
  const tokens = new Map<string, Set<string>>();
  for (const { comment, job } of await accounting())
    if (comment.startsWith(`afterok:${chain.id}:`))
      tokens.set(comment, (tokens.get(comment) ?? new Set()).add(job));
  for (const round of [1, 2])
    t.equal(tokens.get(`afterok:${chain.id}:r${round}:j1`)?.size, 1, `one array in round ${round}`);
  await chain.assertSound(t);
}

for (const point of KILL_POINTS) {
  const where = `${point}@${DECIDING.includes(point) ? 1 : 2}`;
  t.test(`the handler dies at ${where}: --resume finishes the chain`, async (t) => {
    const bench = await Bench.open(t);
    const chain = await bench.submit({
      array: '0-2',
      plan: { 0: 'ok', '*': 'exit:137 gate+ok' },
      env: { AFTEROK_KILL_POINT: where },
    });
    await untilKilled(chain);
    t.equal(chain.checkpoint().state, 'active');
    await resumed(t, chain);
    chain.openGate();
    await chain.waitForEnd('completed');
    await assertOnce(t, chain);
  });
}

for (const point of ['jobs-released', 'round-running'] as const) {
  t.test(`the handler dies at ${point}@2: the next one carries on by itself`, async (t) => {
    const bench = await Bench.open(t);
    const chain = await bench.submit({
      array: '0-2',
      plan: { 0: 'gate+ok', '*': 'gate+exit:137 ok' },
      env: { AFTEROK_KILL_POINT: `${point}@2` },
    });
    // Round 1's handlers have the variable; those of round 2 get their environment from this file.
    const file = join(chain.chainFolder, 'environment');
    const kept = readFileSync(file, 'utf8');
    writeFileSync(file, kept.replace(/AFTEROK_KILL_POINT=[^\0]*\0/, ''));
    chain.openGate();
    await untilKilled(chain);
    await chain.waitForEnd('completed');
    await assertOnce(t, chain);
  });
}

for (const point of SUBMITTING) {
  t.test(`mem-escalate itself dies at ${point}@1: --resume finishes the chain`, async (t) => {
    const bench = await Bench.open(t);
    const { code, folder } = await bench.trySubmit({
      array: '0-2',
      plan: { 0: 'gate+ok', '*': 'gate+exit:137 ok' },
      env: { AFTEROK_KILL_POINT: `${point}@1` },
    });
    t.equal(code, 137);
    const [id = ''] = bench.chainIds();
    const chain = bench.chain(id, folder, '0-2');
    await resumed(t, chain);
    chain.openGate();
    await chain.waitForEnd('completed');
    await assertOnce(t, chain);
  });
}

t.test('two handlers and a --resume at the same moment decide a round once', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-2', plan: { 0: 'gate+ok', '*': 'gate+exit:137 gate+ok' } });
  await chain.untilMarks(3);
  const handlers = chain.checkpoint().rounds[0]?.handlers ?? [];
  await slurm('scancel', ...handlers.map(({ jobId }) => `${jobId}`));
  chain.openGate();
  await chain.untilLeftovers(0);
  const handler = [process.execPath, `${PACKAGE_ROOT}dist/handlers/on-failure.js`, chain.checkpointFile];
  const ends = await Promise.all([
    run(handler, { env: bench.env, cwd: bench.folder }),
    run(handler, { env: bench.env, cwd: bench.folder }),
    chain.run('--resume'),
  ]);
  // The chain may have ended before the last of them came to its turn.
  for (const { code, stderr } of ends) t.ok(code === 0 || /has ended/.test(stderr), stderr);
  await chain.waitForEnd('completed');
  await assertOnce(t, chain);
});
