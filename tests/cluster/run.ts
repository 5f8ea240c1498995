import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLUSTERS, type ClusterPrograms } from '../contract/clusters.js';
import { Suite } from '../suite.js';

/** Tests that stop daemons of the cluster or change its settings: one after the other, when nothing else runs. */
const OUTAGES = ['accounting-down.test.js', 'controller-down.test.js', 'no-accounting.test.js'];

/** Of pocket Slurm: how many of its seconds pass in one of ours. */
const TIME_SCALE = '10';

/** `run.js [--pocket] [name…]`: boots a cluster, runs the tests on it, and takes it down whatever happens. */
async function main(): Promise<number> {
  const words = process.argv.slice(2).filter((word) => word !== '--pocket');
  const kind = process.argv.includes('--pocket') ? 'pocket' : 'slurm';
  const { up, down }: ClusterPrograms = CLUSTERS[kind];
  const state = mkdtempSync(join(tmpdir(), 'afterok-cluster-'));
  const suite = new Suite(dirname(fileURLToPath(import.meta.url)), {
    ...process.env,
    AFTEROK_CLUSTER_KIND: kind,
    AFTEROK_CLUSTER_STATE: state,
    AFTEROK_POCKET_STATE: state,
    ...(kind === 'pocket' ? { AFTEROK_TIME_SCALE: process.env.AFTEROK_TIME_SCALE ?? TIME_SCALE } : {}),
    AFTEROK_CLUSTER_PORT: process.env.AFTEROK_CLUSTER_PORT ?? '18800',
  });
  const follow = async ([program = '', ...args]: readonly string[]) => await suite.follow(program, args);
  try {
    const names = suite.named(words);
    const started = up === null ? 0 : await follow(up);
    if (started !== 0 || suite.interrupted) return started || 130;
    const together = await suite.tap(
      6,
      names.filter((name) => !OUTAGES.includes(name)),
    );
    const alone = await suite.tap(
      1,
      names.filter((name) => OUTAGES.includes(name)),
    );
    return suite.interrupted ? 130 : together || alone;
  } finally {
    await follow(down);
    rmSync(state, { recursive: true, force: true });
  }
}

process.exitCode = await main();
