import { rmSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { useLocalScheduler } from '../../lib/cli/local.js';
import { stopDaemon } from '../../lib/pocket/daemon/wake.js';
import { benchFolder, report } from './cluster.js';
import { runLarge } from './large-scenario.js';
import { processorTime } from './processor-time.js';

/**
 * The scenario of 10,500 tasks on pocket Slurm, in less than three minutes on two cores. With a time scale of 34 a minute
 * of a limit passes in 1.8 s, and a task that starts late has less of it: how many may start at once is what keeps the
 * quick ones within their limit. So the nodes are those of the default cluster with more CPUs, as many as round 4 needs,
 * and the lower levels ask for several CPUs a task: 180, 320, 512 and 512 tasks run at once. Memory is small, for it is
 * really taken. On a machine that is busy with other things set AFTEROK_TIME_SCALE=12.
 */
const TIME_SCALE = process.env.AFTEROK_TIME_SCALE || '34';
const LIMIT = 180;

const CLUSTER = `name: large
nodes:
  - { names: 'd[1-10]', cpus: 4, memory: 1G }
  - { names: 'n[1-5]', cpus: 8, memory: 2G }
  - { names: 'w[1-2]', cpus: 64, memory: 8G }
  - { names: p1, cpus: 512, memory: 16G }
partitions:
  devel: { nodes: 'd[1-10]', max_time: 1 }
  day: { nodes: 'n[1-5]', max_time: 1, default: true }
  week: { nodes: 'w[1-2]', max_time: 2 }
  pi_jetz: { nodes: p1, max_time: 8 }
settings: { MaxArraySize: 10001, MaxJobCount: 100000 }
`;
const LADDER = `levels:
  - {partition: "devel,day,week,pi_jetz", mem: 8M, time: "00:01:00", cpus: 4}
  - {partition: "day,week,pi_jetz", mem: 16M, time: "00:02:00", cpus: 2}
  - {partition: "week,pi_jetz", mem: 32M, time: "00:04:00"}
  - {partition: "pi_jetz", mem: 48M, time: "00:08:00"}
`;

const local = { ...process.env };
useLocalScheduler(local);
const bench = benchFolder('pocket-large', local);
const state = join(bench.folder, 'pocket');
const cluster = join(bench.folder, 'cluster.yaml');
writeFileSync(cluster, CLUSTER);
Object.assign(bench.env, {
  AFTEROK_POCKET_STATE: state,
  AFTEROK_POCKET_CLUSTER: cluster,
  AFTEROK_TIME_SCALE: TIME_SCALE,
  VARIABLE_JOB_MEM_MB: '10',
});
const processor = processorTime();
try {
  const begun = performance.now();
  const sound = await runLarge(bench, { name: 'pocket-large', ladder: LADDER, patience: 1800 });
  report('pocket-large machine', {
    wall_seconds: (performance.now() - begun) / 1000,
    limit_seconds: LIMIT,
    load: loadavg()[0] ?? 0,
    processor_seconds: processor() ?? 'unknown',
  });
  if (!sound) process.exitCode = 1;
} finally {
  await stopDaemon(state);
  rmSync(bench.folder, { recursive: true, force: true });
}
