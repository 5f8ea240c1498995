import t from 'tap';
import { checkLevels, handlerResources, withAdmittingPartitions } from '../../lib/chain/cluster-fit.js';
import type { Level } from '../../lib/chain/ladder.js';
import { parseLadder, readLadderFile } from '../../lib/chain/ladder-file.js';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { parsePartitions } from '../../lib/slurm/sinfo.js';
import { ladder, level } from './plain-chain.js';

const GIGABYTE = 2 ** 30;
const MEGABYTE = 2 ** 20;

/** The test cluster, and beside it a partition that is down, one without limit, and one of unlike nodes. */
const CLUSTER = parsePartitions(`devel|up|1:00|1024|4|10|d[1-10]
day*|up|1:00|2048|4|5|n[1-5]
week|up|2:00|8192|4|2|w[1-2]
pi_jetz|up|8:00|16384|8|1|p1
broken|down|infinite|16384|8|4|b[1-4]
long|up|infinite|2048|4|2|l[1-2]
unlike|up|1-00:00:00|4096|2|3|u[1-3]
unlike|up|1-00:00:00|1024|32|3|u[4-6]
`);
const WITHOUT_DEFAULT = CLUSTER.map((row) => ({ ...row, isDefault: false }));

/** What a level asks for, and the reason why it can never run; null when it can. */
const LEVELS: [Partial<Level>, string | null][] = [
  [{}, null],
  [{ partition: 'day' }, null],
  [{ partition: 'devel', mem: GIGABYTE, time: 60, cpus: 4 }, null],
  [{ partition: 'devel', mem: GIGABYTE + 1 }, 'nodes of devel have 1G, asked for 1048577K'],
  [{ partition: 'week', time: 240 }, 'partition week allows 00:02:00, asked for 00:04:00'],
  [{ partition: 'day', cpus: 5 }, 'nodes of day have 4 CPUs, asked for 5'],
  [{ partition: 'broken' }, 'partition broken is down'],
  [{ partition: 'nope' }, 'no partition nope (there are devel, day, week, pi_jetz, broken, long, unlike)'],
  [
    { partition: 'day', time: Number.POSITIVE_INFINITY },
    'partition day allows 00:01:00, asked for UNLIMITED',
  ],
  [{ partition: 'long', time: Number.POSITIVE_INFINITY }, null],
  [{ partition: 'day', mem: 0 }, null],
  // One partition of several is enough, but all of them must exist: sbatch refuses the name.
  [{ partition: 'devel,week', mem: 4 * GIGABYTE }, null],
  [{ partition: 'broken,week' }, null],
  [
    { partition: 'devel,day', mem: 4 * GIGABYTE },
    'nodes of devel have 1G, asked for 4G; nodes of day have 2G, asked for 4G',
  ],
  [
    { partition: 'week,nope' },
    'no partition nope (there are devel, day, week, pi_jetz, broken, long, unlike)',
  ],
  [{ partition: 'unlike', mem: 4 * GIGABYTE, time: 86400 }, null],
  [{ partition: 'unlike', cpus: 32 }, null],
  // Without a partition it is the default one.
  [{ mem: 4 * GIGABYTE }, 'nodes of day have 2G, asked for 4G'],
];

const check = (levels: Level[], cluster = CLUSTER, range = { startLevel: 0, maxLevel: levels.length - 1 }) =>
  checkLevels(ladder({ levels }), range, cluster);

t.test('says which level can never run, and why', async (t) => {
  for (const [asks, reason] of LEVELS) {
    const levels = [level(), level(asks)];
    const name = JSON.stringify(asks);
    if (reason === null) t.doesNotThrow(() => check(levels), name);
    else {
      const message = `ladder.yaml: level 1 can never run: ${reason}`;
      t.throws(() => check(levels), { code: 'unsatisfiable-level', exitCode: 2, message }, name);
    }
  }
});

t.test('levels beside the range are not asked for', async (t) => {
  const levels = [level({ partition: 'broken' }), level(), level({ partition: 'nope' })];
  t.doesNotThrow(() => check(levels, CLUSTER, { startLevel: 1, maxLevel: 1 }));
  t.throws(() => check(levels, CLUSTER, { startLevel: 0, maxLevel: 1 }), { message: /level 0/ });
  t.throws(() => check(levels, CLUSTER, { startLevel: 1, maxLevel: 2 }), { message: /level 2/ });
});

/** Combinations of axes on partitions of the test cluster, and the partitions that each gets. */
t.test('each combination of axes goes to the partitions that admit it', async (t) => {
  const { axes, levels } = parseLadder(
    'ladder: axes\naxes: {mem: [1G, 2G, 8G], time: [1, 2]}\npartitions: [devel, day, week, pi_jetz]\n',
    'x',
  );
  const fitted = withAdmittingPartitions(ladder({ axes, levels }), CLUSTER);
  t.strictSame(
    fitted.levels.map(({ partition }) => partition),
    [
      'devel,day,week,pi_jetz',
      'week,pi_jetz',
      'day,week,pi_jetz',
      'week,pi_jetz',
      'week,pi_jetz',
      'week,pi_jetz',
    ],
  );
  t.doesNotThrow(() => checkLevels(fitted, { startLevel: 0, maxLevel: 2 }, CLUSTER));
  t.same(withAdmittingPartitions(ladder(), CLUSTER), ladder(), 'joint levels stay as they are');
});

t.test('a combination that none admits is named by its resources', async (t) => {
  const { axes, levels } = parseLadder(
    'ladder: axes\naxes: {mem: [1G, 4G], time: [1, 4]}\npartitions: [devel, week]\n',
    'x',
  );
  const fitted = withAdmittingPartitions(ladder({ axes, levels }), CLUSTER);
  const reasons =
    'partition devel allows 00:01:00, asked for 00:04:00; partition week allows 00:02:00, asked for 00:04:00';
  t.throws(() => checkLevels(fitted, { startLevel: 0, maxLevel: 1 }, CLUSTER), {
    code: 'unsatisfiable-level',
    message: `ladder.yaml: 1G 00:04:00 can never run: ${reasons}`,
  });
  t.doesNotThrow(() => checkLevels(fitted, { startLevel: 0, maxLevel: 0 }, CLUSTER), 'below the rung');
});

t.test('on a cluster without default partition sbatch decides', async (t) => {
  t.doesNotThrow(() => check([level({ mem: 4 * GIGABYTE })], WITHOUT_DEFAULT));
});

t.test('the shipped ladders on the test cluster', async (t) => {
  const shipped = (name: string) => readLadderFile(`${PACKAGE_ROOT}config/ladders/${name}.yaml`).levels;
  t.doesNotThrow(() => check([...shipped('escalation-target')]));
  t.throws(() => check([...shipped('escalation-docker')]), {
    message: 'ladder.yaml: level 2 can never run: partition week allows 00:02:00, asked for 00:04:00',
  });
});

const NOBODY = { account: null, qos: null };

t.test('handlers fit the default partition', async (t) => {
  t.same(handlerResources(ladder(), 10, NOBODY, CLUSTER), {
    partition: 'day',
    mem: 301 * MEGABYTE,
    time: 60,
    account: null,
    qos: null,
  });
  const [handler] = [handlerResources(ladder(), 10_000, { account: 'lab', qos: 'q' }, CLUSTER)];
  t.same(
    [handler.mem, handler.account, handler.qos],
    [320 * MEGABYTE, 'lab', 'q'],
    'more memory for more tasks',
  );
});

t.test('without a default partition, the first of the ladder', async (t) => {
  const { partition, time } = handlerResources(ladder(), 10, NOBODY, WITHOUT_DEFAULT);
  t.same([partition, time], ['devel', 60]);
  const nowhere = handlerResources(ladder({ levels: [level()] }), 10, NOBODY, WITHOUT_DEFAULT);
  t.equal(nowhere.partition, null);
});

t.test('ten minutes where there are as many', async (t) => {
  const long = CLUSTER.map((row) => ({ ...row, isDefault: row.partition === 'long' }));
  t.same(handlerResources(ladder(), 10, NOBODY, long).time, 600);
});

t.test('a handler never asks for more memory than the nodes have', async (t) => {
  const { mem } = handlerResources(ladder(), 4_000_000, NOBODY, CLUSTER);
  t.equal(mem, 2 * GIGABYTE);
});

t.test('the ladder has the last word', async (t) => {
  const wish = { partition: 'week', mem: 512 * MEGABYTE, time: 120, account: 'a', qos: 'b' };
  t.same(handlerResources(ladder({ handler: wish }), 10, { account: 'x', qos: 'y' }, CLUSTER), wish);
  const partition = handlerResources(
    ladder({ handler: { ...wish, time: null } }),
    10,
    { account: null, qos: null },
    CLUSTER,
  );
  t.equal(partition.time, 120, 'its own partition bounds the time');
});
