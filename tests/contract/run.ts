import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Suite } from '../suite.js';
import { CLUSTERS, type ClusterName, type ClusterPrograms } from './clusters.js';

/** Of pocket Slurm: fast, and yet a minute of a time limit is long enough for the commands of a case. */
const TIME_SCALE = '2';

function isCluster(name: string | undefined): name is ClusterName {
  return name !== undefined && name in CLUSTERS;
}

/** A new cluster, the files whose names hold one of the words, and the cluster's end whatever happens. */
async function main(): Promise<number> {
  const [name, ...words] = process.argv.slice(2);
  if (!isCluster(name)) throw new Error(`run.js ${Object.keys(CLUSTERS).join('|')} [name…]`);
  const { up, down, jobs }: ClusterPrograms = CLUSTERS[name];
  const state = mkdtempSync(join(tmpdir(), `afterok-contract-${name}-`));
  const suite = new Suite(dirname(fileURLToPath(import.meta.url)), {
    ...process.env,
    AFTEROK_CONTRACT_CLUSTER: name,
    AFTEROK_CLUSTER_STATE: state,
    AFTEROK_CLUSTER_PORT: process.env.AFTEROK_CLUSTER_PORT ?? '21500',
    AFTEROK_POCKET_STATE: state,
    AFTEROK_TIME_SCALE: name === 'pocket' ? (process.env.AFTEROK_TIME_SCALE ?? TIME_SCALE) : '1',
  });
  const follow = async ([program = '', ...args]: readonly string[]) => await suite.follow(program, args);
  try {
    const files = suite.named(words);
    const started = up === null ? 0 : await follow(up);
    if (started !== 0 || suite.interrupted) return started || 130;
    const code = await suite.tap(jobs, files);
    return suite.interrupted ? 130 : code;
  } finally {
    await follow(down);
    rmSync(state, { recursive: true, force: true });
  }
}

process.exitCode = await main();
