import t from 'tap';
import type { Checkpoint } from '../../lib/chain/checkpoint.js';
import type { ChainStatus } from '../../lib/chain/status.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { slurm } from './cluster.js';
import { Bench, type Chain } from './harness.js';

t.jobs = 3;

const script = `${PACKAGE_ROOT}tests/jobs/black-hole-job.sh`;

/** Attempts of the whole chain by what became of them: `{ 'd1 FAILED': 16 }`. */
function ends(chain: Chain, round: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { node, state } of chain.outcomes().get(round) ?? []) {
    const key = `${node} ${state}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

/** The nodes that Slurm has kept these jobs from. */
async function keptFrom(jobs: readonly string[]): Promise<string[]> {
  const shown = await Promise.all(jobs.map((job) => slurm('scontrol', '-o', 'show', 'job', job)));
  return [
    ...new Set(
      shown.flatMap((text) => [...text.matchAll(/ExcNodeList=(\S+)/g)].map(([, list]) => list ?? '')),
    ),
  ];
}

function jobIds({ rounds }: Checkpoint, round: number): string[] {
  return rounds[round - 1]?.jobs.flatMap(({ jobId }) => jobId ?? []) ?? [];
}

t.test('a node that ends every task at once costs one retry each, and is avoided', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-149',
    script,
    ladder: `levels:
  - {partition: devel, mem: 64M, time: "00:01:00", exclude: d9}
  - {partition: devel, mem: 128M, time: "00:01:00"}
`,
    env: { BAD_NODE: 'd1', TOO_LARGE: '97 98' },
    options: ['--sbatch', '--exclude=d10', '--'],
  });
  const checkpoint = await chain.waitForEnd('completed');
  const first = ends(chain, 1);
  const eaten = first['d1 FAILED'] ?? 0;
  t.comment(`round 1: ${JSON.stringify(first)}`);
  t.ok(eaten >= 5, 'the node has eaten tasks');
  t.notOk(first['d1 COMPLETED']);
  const later = checkpoint.rounds.slice(1).map(({ number }) => number);
  t.notOk(
    later.some((round) => Object.keys(ends(chain, round)).some((key) => key.startsWith('d1 '))),
    'each of them once',
  );
  t.ok(later.length <= 2, 'a round for them, and one for a task of them that then climbs');
  t.match(checkpoint.excludedNodes, [{ node: 'd1' }]);
  t.equal(checkpoint.excludedNodes.length, 1);
  t.same((await keptFrom(jobIds(checkpoint, 1))).sort(), ['d[9-10]'], 'the ladder and the person');
  t.match(await keptFrom(jobIds(checkpoint, 2)), [/^d\[1,(9-)?10\]$/], 'and the bad one');
  t.ok((await keptFrom(jobIds(checkpoint, 2))).includes('d[1,9-10]'), 'all three');
  const handlers = checkpoint.rounds[1]?.handlers.flatMap(({ jobId }) => jobId ?? []) ?? [];
  t.same(await keptFrom(handlers), ['d1'], 'handlers avoid it, too');
  const status = await chain.json<ChainStatus>('--status');
  t.match(status.excludedNodes, [
    { node: 'd1', reason: /^\d+ of \d+ tasks failed within 10 s, none completed$/ },
  ]);
  t.match(
    status.events.map(({ kind, text }) => `${kind} ${text}`),
    [/^created/, /^submitted/, /^excluded d1 until /, /^decided/, /^submitted/, /^decided/],
  );
  t.match((await chain.run('--status')).stdout, /^node d1 excluded until .*none completed$/m);
  t.match((await chain.run('--report')).stdout, /### Excluded Nodes\n\n\| Node .*\n\|.*\n\| d1 \|/);
  await chain.assertSound(t);
});

t.test('node_exclusion: off', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-59',
    script,
    // Two nodes of 2 GB each, so that tasks get to the bad one wherever Slurm begins.
    ladder: `levels:
  - {partition: day, mem: 64M, time: "00:01:00", exclude: "n[3-5]"}
node_exclusion: off
`,
    env: { BAD_NODE: 'n1' },
  });
  const { rounds, excludedNodes } = await chain.waitForEnd('failed');
  t.equal(rounds.length, 1);
  t.same(excludedNodes, []);
  await chain.assertSound(t);
});

/** Tasks that climb to a level whose only node was bad below it. */
t.test('an excluded node that is the only one of a level is used all the same', async (t) => {
  const bench = await Bench.open(t);
  const chain = await bench.submit({
    array: '0-79',
    script,
    ladder: `levels:
  - {partition: "pi_jetz,week", mem: 128M, time: "00:01:00"}
  - {partition: pi_jetz, mem: 256M, time: "00:01:00"}
`,
    env: { BAD_NODE: 'p1', TOO_LARGE: Array.from({ length: 80 }, (_, index) => index).join(' ') },
  });
  const checkpoint = await chain.waitForEnd('completed');
  t.comment(`round 1: ${JSON.stringify(ends(chain, 1))}, round 2: ${JSON.stringify(ends(chain, 2))}`);
  t.match(checkpoint.excludedNodes, [{ node: 'p1' }]);
  const told = checkpoint.events.filter(({ kind }) => kind === 'not excluded');
  t.match(told[0]?.text, 'p1: no other node could run level 1');
  await chain.assertSound(t);
});
