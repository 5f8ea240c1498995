import { spawnSync } from 'node:child_process';
import { PACKAGE_ROOT } from '../../lib/package-root.js';

/** In this order; those of pocket Slurm and of the server, and `large` and `planning`, which take long, run only when they are named. */
const BENCHES = ['startup', 'array-cover', 'graph', 'submit', 'latency', 'decision'];

/** Runs the benches that the arguments name, or all but the long ones, each in a process of its own. */
const names = process.argv.length > 2 ? process.argv.slice(2) : BENCHES;
for (const name of names) {
  const { status } = spawnSync(process.execPath, [`${PACKAGE_ROOT}dist/tests/bench/${name}.bench.js`], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
