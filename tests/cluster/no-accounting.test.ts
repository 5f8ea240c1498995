import t from 'tap';
import { handlerIds, jobIds, lastRound } from '../../lib/chain/checkpoint.js';
import { run } from '../program.js';
import { waitFor } from '../wait-for.js';
import { configure, slurm } from './cluster.js';
import { Bench, type Chain, LADDER } from './harness.js';

const NO_ACCOUNTING = 'AccountingStorageType=accounting_storage/none';

t.teardown(() => configure([]));

/** The exit code beside TIMEOUT is what the kill left behind: `0:9`, `0:15` or `0:0`. */
function attempts(chain: Chain): Record<number, string> {
  const told = Object.entries(chain.attempts());
  return Object.fromEntries(
    told.map(([index, text]) => [index, text.replaceAll(/TIMEOUT \d+:\d+/g, 'TIMEOUT')]),
  );
}

t.test('the controller tells all rungs', async (t) => {
  await configure([NO_ACCOUNTING]);
  const bench = await Bench.open(t);
  const disabled = await run(['sacct', '-n', '-P', '-j', '1'], { env: bench.env });
  t.same([disabled.code, disabled.stderr], [1, 'Slurm accounting storage is disabled\n']);
  const chain = await bench.submit({
    array: '0-8',
    plan: {
      '*': 'ok',
      1: 'exit:137 ok',
      2: 'oom oom ok',
      3: 'timeout ok',
      4: 'exit:1',
      5: 'signal:USR1',
      6: 'oom-survived ok',
      7: 'exit:255',
      8: 'signal:KILL ok',
    },
  });
  const single = await bench.submit({ plan: { single: 'oom ok' } });
  const mapped = await bench.submit({ array: '10000-10002', plan: { '*': 'ok', 10001: 'exit:137 ok' } });
  await Promise.all([
    chain.waitForEnd('failed'),
    single.waitForEnd('completed'),
    mapped.waitForEnd('completed'),
  ]);
  t.same(attempts(chain), {
    0: '0 COMPLETED 0:0',
    1: '0 FAILED 9:0, 1 COMPLETED 0:0',
    2: '0 OUT_OF_MEMORY 0:125, 1 OUT_OF_MEMORY 0:125, 2 COMPLETED 0:0',
    3: '0 TIMEOUT, 1 COMPLETED 0:0',
    4: '0 FAILED 1:0',
    5: '0 FAILED 0:10',
    6: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
    7: '0 FAILED 127:0',
    8: '0 FAILED 0:9, 1 COMPLETED 0:0',
  });
  const survived = chain
    .outcomes()
    .get(1)
    ?.find(({ index }) => index === 6);
  t.same(survived?.scriptExit, { code: 0, signal: 0 }, 'what the script itself returned');
  t.same(single.attempts(), { 0: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0' });
  t.same(mapped.attempts()[10001], '0 FAILED 9:0, 1 COMPLETED 0:0');
  t.same(chain.marks(), chain.marksOfAttempts(), 'one run for each attempt');
  for (const each of [chain, single, mapped]) {
    await t.resolves(each.untilLeftovers(0));
    t.same(
      each.checkpoint().events.filter(({ kind }) => kind === 'waiting'),
      [],
      'nobody had to look twice',
    );
  }
});

t.test('records tell what the controller has forgotten', async (t) => {
  await configure([NO_ACCOUNTING, 'MinJobAge=2']);
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-6',
    plan: {
      '*': 'gate+ok',
      1: 'gate+exit:137 ok',
      2: 'gate+oom ok',
      3: 'timeout ok',
      4: 'gate+exit:3',
      5: 'gate+oom-survived ok',
      6: 'gate+signal:KILL ok',
    },
  });
  const round = lastRound(chain.checkpoint());
  await slurm('scancel', ...handlerIds(round));
  await chain.untilMarks(7);
  chain.openGate();
  const [job = ''] = jobIds(round);
  await waitFor('the controller has forgotten the job', 240, async () => {
    const { stderr } = await run(['scontrol', 'show', 'job', job], { env: bench.env });
    return /Invalid job id/.test(stderr) ? true : undefined;
  });
  const resumed = await chain.run('--resume');
  t.equal(resumed.code, 0, resumed.stderr);
  await chain.waitForEnd('failed');
  t.same(attempts(chain), {
    0: '0 COMPLETED 0:0',
    1: '0 FAILED 9:0, 1 COMPLETED 0:0',
    2: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
    3: '0 TIMEOUT, 1 COMPLETED 0:0',
    4: '0 FAILED 3:0',
    5: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
    6: '0 FAILED 0:9, 1 COMPLETED 0:0',
  });
  t.same(chain.marks(), chain.marksOfAttempts(), 'one run for each attempt');
  await t.resolves(chain.untilLeftovers(0));
});

t.test('beside accounting records tell what the script returned after an OOM', async (t) => {
  await configure([]);
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-2',
    ladder: `${LADDER}oom_exit0: accept\n`,
    plan: { 0: 'ok', 1: 'oom-survived', 2: 'oom ok' },
  });
  await chain.waitForEnd('completed');
  t.same(chain.attempts(), {
    0: '0 COMPLETED 0:0',
    1: '0 OUT_OF_MEMORY 0:125',
    2: '0 OUT_OF_MEMORY 0:125, 1 COMPLETED 0:0',
  });
});
