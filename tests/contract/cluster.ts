import { evaluatedEnv, must } from '../program.js';
import { CLUSTERS, type ClusterName } from './clusters.js';

/** The cluster that the cases run on: all that they may know of it. */
export interface Cluster {
  name: ClusterName;
  /** Leads to the cluster's programs; Slurm's own settings in it are none. */
  env: NodeJS.ProcessEnv;
  /** How many of the cluster's seconds pass in one of ours: scripts sleep `seconds / timeScale`. */
  timeScale: number;
  loseNode(node: string): Promise<void>;
  restoreNode(node: string): Promise<void>;
}

let known: Promise<Cluster> | undefined;

/** The running cluster that AFTEROK_CONTRACT_CLUSTER names. */
export async function runningCluster(): Promise<Cluster> {
  known ??= find();
  return await known;
}

async function find(): Promise<Cluster> {
  const name = process.env.AFTEROK_CONTRACT_CLUSTER;
  if (name !== 'slurm' && name !== 'pocket')
    throw new Error('AFTEROK_CONTRACT_CLUSTER is not set: npm run test:contract sets up what is needed');
  const { env: printsEnv, loseNode, restoreNode } = CLUSTERS[name];
  const env = await evaluatedEnv(printsEnv);
  const runAll = async (commands: readonly (readonly string[])[]) => {
    for (const argv of commands) await must(argv, { env });
  };
  return {
    name,
    env,
    timeScale: Number(env.AFTEROK_TIME_SCALE ?? 1),
    loseNode: async (node) => await runAll(loseNode(node)),
    restoreNode: async (node) => await runAll(restoreNode(node)),
  };
}
