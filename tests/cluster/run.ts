import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PACKAGE_ROOT } from '../../lib/package-root.js';
import { Suite } from '../suite.js';

/** Tests that stop daemons of the cluster or change its settings: one after the other, when nothing else runs. */
const OUTAGES = ['accounting-down.test.js', 'controller-down.test.js', 'no-accounting.test.js'];

const CLUSTER = `${PACKAGE_ROOT}docker/cluster`;

/** Boots a cluster, runs the tests on it, and takes it down whatever happens. */
async function main(): Promise<number> {
  const state = mkdtempSync(join(tmpdir(), 'afterok-cluster-'));
  const suite = new Suite(dirname(fileURLToPath(import.meta.url)), {
    ...process.env,
    AFTEROK_CLUSTER_STATE: state,
    AFTEROK_CLUSTER_PORT: process.env.AFTEROK_CLUSTER_PORT ?? '18800',
  });
  try {
    const names = suite.named(process.argv.slice(2));
    const up = await suite.follow(CLUSTER, ['up', '--profile', 'fast']);
    if (up !== 0 || suite.interrupted) return up || 130;
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
    await suite.follow(CLUSTER, ['wipe']);
    rmSync(state, { recursive: true, force: true });
  }
}

process.exitCode = await main();
