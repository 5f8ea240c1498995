import { benchFolder } from './cluster.js';
import { runLarge } from './large-scenario.js';

/**
 * The scenario of 10,500 tasks on the real cluster. Durations run at a hundredth and memory at about a twentieth, so that
 * hundreds of tasks fit the nodes at once; limits are Slurm's own.
 */
const bench = benchFolder('large');
Object.assign(bench.env, { VARIABLE_JOB_SCALE: '0.01', VARIABLE_JOB_MEM_MB: '72' });
const sound = await runLarge(bench, {
  name: 'large',
  ladder: `levels:
  - {partition: "devel,day,week,pi_jetz", mem: 48M, time: "00:01:00"}
  - {partition: "day,week,pi_jetz", mem: 96M, time: "00:02:00"}
  - {partition: "week,pi_jetz", mem: 192M, time: "00:04:00"}
  - {partition: "pi_jetz", mem: 384M, time: "00:08:00"}
`,
  patience: 3600,
});
if (!sound) process.exitCode = 1;
