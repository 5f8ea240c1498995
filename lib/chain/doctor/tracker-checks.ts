import { existsSync, mkdtempSync, realpathSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { epochSeconds } from '../../clock.js';
import { sideEffect } from '../../side-effect.js';
import { formatMemory } from '../../slurm/memory-size.js';
import type { TrackerPaths } from '../paths.js';
import { isShared, type Mount, mountOf, mountTable } from './filesystem.js';
import { bad, type Finding, ok, warn } from './finding.js';

const MEGABYTE = 2 ** 20;

/** Bytes below which a chain of many tasks can fill the disk: checkpoints and outcomes are some 300 bytes an attempt. */
const LITTLE_SPACE = 512 * MEGABYTE;

const NO_SPACE = 16 * MEGABYTE;

/** Some filesystems keep times in whole seconds. */
const ROUNDED = 1;

/** Types that vanish when the machine or the job does. */
const VOLATILE = /^(tmpfs|ramfs|overlay|rootfs)$/;

/** What can be said of the tracker folder from this machine, and the clock of its filesystem. */
export function trackerFindings({ tracker }: TrackerPaths): { findings: Finding[]; clock: number | null } {
  const folder = nearestFolder(tracker);
  const mount = mountOf(realpathSync(folder), mountTable());
  const place = placeFinding(tracker, mount);
  const written = tryWriting(folder);
  if ('problem' in written) {
    const advice = 'name a writable folder that compute nodes see: --tracker DIR or AFTEROK_TRACKER=DIR';
    const refused = bad('tracker writable', written.problem, 'no chain can be submitted', advice);
    return { findings: [place, refused], clock: null };
  }
  return { findings: [place, spaceFinding(folder)], clock: written.clock };
}

/** The folder itself, or the one in which it would be made. */
function nearestFolder(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));
}

function placeFinding(tracker: string, mount: Mount | null): Finding {
  const found = `${tracker} on ${mount === null ? 'an unknown filesystem' : `${mount.type} (${mount.source})`}`;
  if (mount !== null && isShared(mount)) {
    return ok(
      'tracker',
      found,
      'a shared filesystem: checkpoints are replaced atomically there; the history database uses a rollback journal, ' +
        'and --rebuild-db makes it anew',
    );
  }
  const meaning = 'handlers run on compute nodes and have to see it at the same path; this looks local';
  const volatile = mount !== null && VOLATILE.test(mount.type) ? ', and it does not outlive the machine' : '';
  return warn(
    'tracker',
    found,
    `${meaning}${volatile}`,
    'AFTEROK_TRACKER=/a/shared/folder; mem-escalate doctor --probe finds out whether nodes see it',
  );
}

/** A file shows whether the folder can be written, and what time its server has. */
function tryWriting(folder: string): { clock: number } | { problem: string } {
  try {
    const skew = clockSkew(folder);
    return { clock: epochSeconds() + (Math.abs(skew) < ROUNDED ? 0 : skew) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

/** Seconds by which the filesystem's clock is ahead. */
function clockSkew(folder: string): number {
  const prefix = join(folder, '.doctor-');
  const probe = sideEffect({ kind: 'make-folder', what: prefix }, () => mkdtempSync(prefix));
  try {
    const before = epochSeconds();
    const file = join(probe, 'clock');
    sideEffect({ kind: 'write', what: file }, () => writeFileSync(file, 'x'));
    return statSync(file).mtimeMs / 1000 - before;
  } finally {
    sideEffect({ kind: 'remove', what: probe }, () => rmSync(probe, { recursive: true, force: true }));
  }
}

function spaceFinding(folder: string): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  const free = bavail * bsize;
  // Filesystems without a table of inodes say 0 of 0.
  const inodes = files > 0 && ffree < 1000 ? `, ${ffree} inodes` : '';
  const found = `${formatMemory(Math.floor(free / MEGABYTE) * MEGABYTE)} free${inodes}`;
  const advice = 'free space, or name another folder: --tracker DIR';
  if (free < NO_SPACE || (inodes !== '' && ffree < 10))
    return bad('tracker space', found, 'checkpoints cannot be written: chains stall', advice);
  if (free < LITTLE_SPACE || inodes !== '')
    return warn('tracker space', found, 'a large chain could fill it, and then stall', advice);
  return ok('tracker space', found, 'enough; the quota of the person is not looked at');
}

/** Node, as handlers will start it: by the absolute path that it has here. */
export function nodeFinding(node = process.execPath, version = process.version): Finding {
  const mount = mountOf(realpathSync(node), mountTable());
  const found = `${node} ${version}`;
  const meaning = 'handlers start node by this very path';
  if (mount !== null && isShared(mount)) return ok('node', found, `${meaning}; it is on a shared filesystem`);
  return warn(
    'node',
    `${found} on ${mount?.type ?? 'an unknown filesystem'}`,
    `${meaning}; whether compute nodes have it there is not known`,
    'mem-escalate doctor --probe finds out; otherwise install node in a shared folder',
  );
}
