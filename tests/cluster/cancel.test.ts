import t, { type Test } from 'tap';
import type { ChainStatus } from '../../lib/chain/status.js';
import { slurm } from './cluster.js';
import { Bench, type Chain } from './harness.js';

t.jobs = 6;

/** Everything that a cancelled chain has to be. */
async function assertCancelled(t: Test, chain: Chain): Promise<void> {
  const { code, stderr } = await chain.run('--cancel');
  t.equal(code, 0, stderr);
  t.equal(chain.checkpoint().state, 'cancelled');
  t.equal((await chain.json<ChainStatus>('--status')).state, 'CANCELLED');
  await chain.assertSound(t);
  t.equal((await chain.run('--cancel')).code, 0, 'cancelling again is no error');
  const resumed = await chain.run('--resume');
  t.equal(resumed.code, 1, 'a cancelled chain is not resumed');
  t.match(resumed.stderr, /has ended: cancelled/);
}

t.test('--cancel while tasks run and others wait', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-5%2', plan: { 0: 'ok', 1: 'exit:1', '*': 'timeout' } });
  await chain.untilMarks(4);
  await assertCancelled(t, chain);
  const { 0: completed, 1: failed, ...rest } = chain.attempts();
  t.equal(completed, '0 COMPLETED 0:0');
  t.equal(failed, '0 FAILED 1:0');
  t.ok(Object.values(rest).every((attempt) => attempt.startsWith('0 CANCELLED')));
  t.equal(Object.keys(rest).length, 4);
});

t.test('--cancel while everything waits', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-3',
    plan: { '*': 'ok' },
    options: ['--sbatch', '--begin=now+1hour', '--'],
  });
  await assertCancelled(t, chain);
  t.strictSame(chain.marks(), []);
});

t.test('--cancel in a later round', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-3', plan: { '*': 'exit:137 timeout', 3: 'ok' } });
  await chain.untilMarks(7);
  await assertCancelled(t, chain);
});

t.test('scancel of one task by hand: it is not run again, the others go on', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-2',
    plan: { 0: 'gate+ok', 1: 'timeout', 2: 'gate+exit:137 ok' },
  });
  await chain.untilMarks(3);
  await slurm('scancel', `${chain.checkpoint().rounds[0]?.jobs[0]?.jobId}_1`);
  chain.openGate();
  const { rounds } = await chain.waitForEnd('failed');
  const { 1: cancelled, ...rest } = chain.attempts();
  t.match(cancelled, /^0 CANCELLED/);
  t.strictSame(rest, { 0: '0 COMPLETED 0:0', 2: '0 FAILED 9:0, 1 COMPLETED 0:0' });
  t.strictSame(
    rounds.flatMap((round) => round.result?.failures ?? []).map(({ cause, tasks }) => `${tasks} ${cause}`),
    ['1 no_retry'],
  );
  await chain.assertSound(t);
});

t.test('scancel of the handlers by hand: the chain is shown as stalled, --resume carries on', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-3', plan: { '*': 'gate+ok', 2: 'gate+oom ok' } });
  await chain.untilMarks(4);
  const [round] = chain.checkpoint().rounds;
  await slurm('scancel', ...(round?.handlers ?? []).map(({ jobId }) => `${jobId}`));
  chain.openGate();
  await chain.untilLeftovers(0);
  t.equal((await chain.json<ChainStatus>('--status')).state, 'STALLED');
  const { code, stdout, stderr } = await chain.run('--resume');
  t.equal(code, 0, stdout + stderr);
  await chain.waitForEnd('completed');
  t.equal((await chain.json<ChainStatus>('--status')).state, 'COMPLETED');
  t.strictSame(chain.marks(), ['0 0', '1 0', '2 0', '2 1', '3 0']);
  await chain.assertSound(t);
});

t.test('--resume of a chain that is well changes nothing', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({ array: '0-1', plan: { '*': 'gate+exit:137 ok' } });
  await chain.untilMarks(2);
  const before = chain.checkpoint();
  t.equal((await chain.run('--resume')).code, 0);
  t.strictSame(chain.checkpoint().rounds, before.rounds);
  chain.openGate();
  await chain.waitForEnd('completed');
  await chain.assertSound(t);
});
