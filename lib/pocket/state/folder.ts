import { chmodSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AfterokError } from '../../errors.js';
import { makeFolder } from '../../make-folder.js';

/** Names of the filesystems (statfs(2), f_type) on which SQLite's write-ahead log does not work or locks are not sure. */
const NETWORK_FILESYSTEMS: Readonly<Record<number, string>> = {
  26985: 'NFS',
  20859: 'SMB',
  4283649346: 'CIFS',
  4266872130: 'SMB2',
  198183888: 'Lustre',
  1196443219: 'GPFS',
  428016422: 'BeeGFS',
  12805120: 'Ceph',
  1397113167: 'AFS',
  16914839: '9P',
  19993000: 'IBRIX',
  2866260714: 'PanFS',
};

const WAY_OUT = 'name a folder on a local disk: AFTEROK_POCKET_STATE=DIR';

/** Where this user's pocket Slurm keeps its state. */
export function stateFolder(env: NodeJS.ProcessEnv): string {
  const { AFTEROK_POCKET_STATE: chosen, XDG_RUNTIME_DIR: runtime, TMPDIR: temporary } = env;
  if (chosen !== undefined && chosen !== '') return chosen;
  return join(runtime || temporary || '/tmp', `afterok-pocket-${process.getuid?.() ?? 0}`);
}

/**
 * Makes the folder, for its owner alone.
 *
 * @throws AfterokError when it cannot be used: another user's, on a network filesystem, disk full, not permitted
 */
export function makeStateFolder(folder: string): void {
  try {
    makeFolder(folder, 0o700);
    const { uid, mode } = statSync(folder);
    const self = process.getuid?.();
    if (uid !== self) throw unusable(folder, `belongs to another user (uid ${uid})`);
    if ((mode & 0o077) !== 0) chmodSync(folder, 0o700);
  } catch (error) {
    if (error instanceof AfterokError) throw error;
    throw unusable(folder, (error as Error).message, error);
  }
  const network = NETWORK_FILESYSTEMS[statfsSync(folder).type >>> 0];
  if (network !== undefined) throw unusable(folder, `is on a network filesystem (${network})`);
}

function unusable(folder: string, what: string, cause?: unknown): AfterokError {
  return new AfterokError('pocket-unusable', `state folder ${folder}: ${what}`, WAY_OUT, { cause });
}
