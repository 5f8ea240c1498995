import t from 'tap';
import { Refusal } from '../../lib/pocket/refusal.js';
import { loseNode, restoreNode, updateJob, updateNode } from '../../lib/pocket/scheduler/control.js';
import { DEFAULT_CLUSTER, Simulation, whole } from './scheduler-simulation.js';

const MB = 2 ** 20;

t.test('a lost node: NODE_FAIL, or another run elsewhere', async (t) => {
  const simulated = new Simulation();
  const stays = simulated.submit({ submission: { requeue: false } });
  const again = simulated.submit();
  simulated.run(5);
  loseNode(simulated.state, 'n1', simulated.time);
  simulated.run();
  t.strictSame(simulated.states(stays), ['NODE_FAIL']);
  t.strictSame(simulated.states(again), ['COMPLETED']);
  t.strictSame(simulated.task(again).nodes, ['n2']);
  restoreNode(simulated.state, 'n1', simulated.time);
  const back = simulated.submit();
  simulated.run();
  t.strictSame(simulated.task(back).nodes, ['n1']);
  t.throws(() => loseNode(simulated.state, 'zz', 0), new Refusal('Invalid node name specified'));
});

t.test('a node that drains keeps what it has and takes no more', async (t) => {
  const simulated = new Simulation();
  const first = simulated.submit();
  simulated.run(5);
  updateNode(simulated.state, 'n1', { state: 'DRAIN', reason: 'testing' }, simulated.time);
  const second = simulated.submit();
  simulated.run();
  t.strictSame(simulated.states(first), ['COMPLETED']);
  t.strictSame(simulated.task(second).nodes, ['n2']);
});

t.test('a node that was asked for and takes no jobs', async (t) => {
  const simulated = new Simulation();
  updateNode(simulated.state, 'n2', { state: 'DRAIN', reason: 'testing' }, simulated.time);
  const job = simulated.submit({ submission: { nodelist: ['n2'] } });
  const other = simulated.submit();
  simulated.run();
  t.strictSame(simulated.states(job), ['PENDING ReqNodeNotAvail, UnavailableNodes:n2']);
  t.strictSame(simulated.states(other), ['COMPLETED'], 'which keeps nobody else');
});

t.test('the order of placement: Resources, Priority, backfill', async (t) => {
  const simulated = new Simulation();
  simulated.course = ({ timeLimit }) => ({ seconds: timeLimit - 1 });
  simulated.submit({ memoryPerNode: 1500 * MB });
  const wide = simulated.submit({ submission: { nodes: 5 }, memoryPerNode: 1000 * MB });
  const long = simulated.submit({ memoryPerNode: 600 * MB });
  const other = simulated.submit({ partitions: ['devel'] });
  simulated.run(10);
  const short = simulated.submit({ memoryPerNode: 600 * MB, timeLimit: 40 });
  simulated.run(1);
  t.strictSame(simulated.states(wide), ['PENDING Resources']);
  t.strictSame(simulated.states(other), ['RUNNING']);
  t.strictSame(simulated.states(short), ['RUNNING'], 'it ends before the wide one can start');
  simulated.run();
  t.equal(simulated.task(wide).startedAt, simulated.task(1).endedAt);
  t.ok(simulated.task(long).startedAt !== null);
});

t.test('limits of a partition, and lists of partitions', async (t) => {
  const simulated = new Simulation();
  const long = simulated.submit({ timeLimit: 120 });
  const either = simulated.submit({ timeLimit: 120, partitions: ['day', 'week'] });
  const wide = simulated.submit({ submission: { nodes: 6 } });
  simulated.run(5);
  t.strictSame(simulated.states(long), ['PENDING PartitionTimeLimit']);
  t.strictSame(simulated.states(wide), ['PENDING PartitionNodeLimit']);
  t.equal(simulated.task(either).partition, 'week');
  updateJob(simulated.state, whole(long), { timeLimit: 60 }, simulated.time);
  simulated.run();
  t.strictSame(simulated.states(long), ['COMPLETED']);
});

t.test('preemption by a higher tier', async (t) => {
  for (const preempt of ['cancel', 'requeue'] as const) {
    const nodes = [{ name: 'n1', cpus: 2, memory: 1024 * MB }];
    const partition = { nodes: ['n1'], isDefault: false, maxTime: 600, defaultTime: 60 };
    const simulated = new Simulation({
      ...DEFAULT_CLUSTER,
      nodes,
      partitions: [
        { ...partition, name: 'low', priorityTier: 1, preempt },
        { ...partition, name: 'high', priorityTier: 2, preempt: 'off' },
      ],
    });
    const low = [simulated.submit({ partitions: ['low'] }), simulated.submit({ partitions: ['low'] })];
    simulated.run(5);
    const high = simulated.submit({ partitions: ['high'] });
    simulated.run(2);
    t.strictSame(simulated.states(high), ['RUNNING']);
    simulated.run();
    const states = low.flatMap((job) => simulated.states(job));
    t.strictSame(states, preempt === 'cancel' ? ['COMPLETED', 'PREEMPTED'] : ['COMPLETED', 'COMPLETED']);
    t.equal(
      low.reduce((sum, job) => sum + simulated.task(job).restarts, 0),
      preempt === 'cancel' ? 0 : 1,
    );
  }
});
