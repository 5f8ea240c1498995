import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Control groups of all schedulers of this kind have this in their names. */
const OURS = 'afterok-pocket-';

/**
 * A control group below which every run of a state folder gets one (`RunCgroups`), so that the kernel holds it to its
 * memory. Also takes this process out of the group of a run by which it was started.
 *
 * @returns null where this user may make none: not root, no delegation, or a container
 */
export function runsCgroup(folder: string): string | null {
  const name = OURS + createHash('sha256').update(folder).digest('hex').slice(0, 12);
  const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
  const own = readFileSync('/proc/self/cgroup', 'utf8').split('\n');
  return usable(version1Parent(mounts, own), name) ?? usable(version2Parent(mounts, own), name);
}

/** Removes the group and those in it, as far as there are no processes in them. */
export function removeCgroup(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) removeCgroup(join(group, entry.name));
    rmdirSync(group);
  } catch {
    // Runs that go on, or this process, are in it.
  }
}

function version1Parent(mounts: readonly string[], own: readonly string[]): string | null {
  const mount = mounts
    .map((line) => line.split(' '))
    .find(([, , type, options]) => {
      return type === 'cgroup' && options?.split(',').includes('memory');
    })?.[1];
  const path = own
    .map((line) => line.split(':'))
    .find(([, names]) => names?.split(',').includes('memory'))?.[2];
  if (mount === undefined || path === undefined) return null;
  const inside = join(mount, outsideOfRuns(path));
  // With a namespace of its own the mount is our group already.
  return existsSync(inside) ? inside : mount;
}

/** The nearest group above ours that hands its memory controller on; one with processes in it cannot. */
function version2Parent(mounts: readonly string[], own: readonly string[]): string | null {
  const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1];
  const path = own.find((line) => line.startsWith('0::'))?.slice(3);
  if (mount === undefined || path === undefined) return null;
  let group = join(mount, outsideOfRuns(path));
  while (group.startsWith(mount)) {
    if (handsOnMemory(group)) return group;
    group = dirname(group);
  }
  return null;
}

function outsideOfRuns(path: string): string {
  const place = path.indexOf(`/${OURS}`);
  return place < 0 ? path : path.slice(0, place + 1);
}

function handsOnMemory(group: string): boolean {
  try {
    return readFileSync(join(group, 'cgroup.subtree_control'), 'utf8').split(/\s/).includes('memory');
  } catch {
    return false;
  }
}

function usable(parent: string | null, name: string): string | null {
  if (parent === null) return null;
  const group = join(parent, name);
  try {
    mkdirSync(group, { recursive: true });
    if (existsSync(join(group, 'cgroup.subtree_control'))) {
      writeFileSync(join(group, 'cgroup.subtree_control'), '+memory');
    }
    probe(join(group, 'probe'));
    leaveRun(group);
    return group;
  } catch {
    return null;
  }
}

/** @throws when a group that is made here has no limit to write to */
function probe(group: string): void {
  mkdirSync(group, { recursive: true });
  try {
    const limit = ['memory.limit_in_bytes', 'memory.max'].map((file) => join(group, file)).find(existsSync);
    if (limit === undefined) throw new Error(`no memory controller in ${group}`);
    writeFileSync(limit, String(2 ** 30));
  } finally {
    rmdirSync(group);
  }
}

/** A daemon that a job's command has started would count as that job's memory, and die with it. */
function leaveRun(group: string): void {
  if (!readFileSync('/proc/self/cgroup', 'utf8').includes(`/${OURS}`)) return;
  mkdirSync(join(group, 'daemon'), { recursive: true });
  writeFileSync(join(group, 'daemon', 'cgroup.procs'), String(process.pid));
}
