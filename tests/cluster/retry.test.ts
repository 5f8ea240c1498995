import t from 'tap';
import { waitFor } from '../wait-for.js';
import { slurm } from './cluster.js';
import { Bench, type Chain, LADDER } from './harness.js';

t.jobs = 3;

const RETRY = `retry_limit: 2
state_handling:
  exit_codes: {75: retry}
`;

/** The node of each attempt of a task. */
function nodesOf(chain: Chain, index: number): (string | null)[] {
  return [...chain.outcomes().values()].flatMap((outcomes) =>
    outcomes.filter((outcome) => outcome.index === index).map(({ node }) => node),
  );
}

t.test('retry: again at the same level, on another node, up to the limit', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-3',
    ladder: LADDER + RETRY,
    plan: { 0: 'exit:75 ok', 1: 'exit:75', 2: 'exit:75 oom exit:75 ok', 3: 'ok' },
  });
  const { rounds } = await chain.waitForEnd('failed');
  t.strictSame(chain.attempts(), {
    0: '0 FAILED 75:0, 0 COMPLETED 0:0',
    1: '0 FAILED 75:0, 0 FAILED 75:0, 0 FAILED 75:0',
    2: '0 FAILED 75:0, 0 OUT_OF_MEMORY 0:125, 1 FAILED 75:0, 1 COMPLETED 0:0',
    3: '0 COMPLETED 0:0',
  });
  for (const [index, pairs] of [
    [0, 1],
    [1, 2],
    [2, 1],
  ] as const) {
    const nodes = nodesOf(chain, index);
    for (let at = 1; at <= pairs; at += 1)
      t.not(nodes[at], nodes[at - 1], `attempt ${at + 1} of index ${index} is not on ${nodes[at - 1]}`);
  }
  const failures = rounds.flatMap((round) => round.result?.failures ?? []);
  t.strictSame(
    failures.map(({ cause, tasks }) => `${tasks} ${cause}`),
    ['1 retry_limit'],
  );
  await chain.assertSound(t);
});

t.test('retry where the failing node is the only one of the level', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-1',
    ladder: `levels:\n  - {partition: pi_jetz, mem: 64M, time: "00:01:00"}\n${RETRY}`,
    plan: { '*': 'exit:75 ok' },
  });
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), {
    0: '0 FAILED 75:0, 0 COMPLETED 0:0',
    1: '0 FAILED 75:0, 0 COMPLETED 0:0',
  });
  await chain.assertSound(t);
});

/** The task has its node to itself, so that nobody else's tasks are lost with it. */
t.test('NODE_FAIL escalates', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0',
    plan: { '*': 'timeout ok' },
    options: ['--sbatch', '--exclusive', '--'],
    ladder: LADDER.replace('devel,day,week,pi_jetz', 'devel'),
  });
  await chain.untilMarks(1);
  const job = chain.checkpoint().rounds[0]?.jobs[0]?.jobId ?? '';
  const node = await waitFor('the node of the task', 10, async () => {
    const name = (await slurm('squeue', '-h', '-j', job, '-t', 'RUNNING', '-o', '%N')).trim();
    return name === '' ? undefined : name;
  });
  // It may come back by itself (ReturnToService).
  t.teardown(() => slurm('scontrol', 'update', `nodename=${node}`, 'state=resume').catch(() => {}));
  await slurm('scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test');
  await chain.waitForEnd('completed');
  t.strictSame(chain.attempts(), { 0: '0 NODE_FAIL 0:0, 1 COMPLETED 0:0' });
  await chain.assertSound(t);
});
