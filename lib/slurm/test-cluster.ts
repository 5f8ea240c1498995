import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { PACKAGE_ROOT } from '../package-root.js';
import { runSlurm } from './command.js';

/** The state folder of the test cluster that SLURM_CONF points into, or null when it points anywhere else. */
export function testClusterState(env: NodeJS.ProcessEnv): string | null {
  const conf = env.SLURM_CONF;
  if (conf === undefined || !existsSync(conf)) return null;
  const state = dirname(dirname(conf));
  const ours = /^ClusterName=afterok$/m.test(readFileSync(conf, 'utf8')) && existsSync(`${state}/settings`);
  return ours ? state : null;
}

/** Empties the job history of a test cluster. No command of Slurm does that, and no real site would want one. */
export async function purgeTestClusterHistory(state: string): Promise<void> {
  const env = { ...process.env, AFTEROK_CLUSTER_STATE: state };
  await runSlurm([`${PACKAGE_ROOT}docker/cluster`, 'purge-history'], { env });
}
