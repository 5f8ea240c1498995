import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrno } from '../../errors.js';
import { removeCgroup } from './cgroup.js';

/** What of a limit the runs before may have left in a group, as files in memory; the kernel's own counting is as coarse. */
const MOST_LEFT = 1 / 64;

/**
 * The control groups that hold runs to their memory. To make and remove one costs as much as to start a process, so
 * they are used again: by runs with the same limit, and only after a run that has left nothing behind.
 */
export class RunCgroups {
  private readonly free = new Map<number, string[]>();
  private made = 0;

  /** @param parent from `runsCgroup`; null where there are no control groups */
  constructor(private readonly parent: string | null) {}

  /**
   * A group without processes, in which none has been killed for want of memory.
   *
   * @param memory bytes
   * @returns '' where there are none
   */
  take(memory: number | null): string {
    if (this.parent === null || memory === null) return '';
    const free = this.free.get(memory) ?? [];
    for (let group = free.pop(); group !== undefined; group = free.pop()) {
      if (isEmpty(group, memory)) return group;
      removeCgroup(group);
    }
    return this.make(this.parent, memory);
  }

  /** @param clean the run's processes are gone, and none was killed for want of memory */
  giveBack(group: string, memory: number | null, clean: boolean): void {
    if (group === '' || memory === null) return;
    if (!clean) {
      removeCgroup(group);
      return;
    }
    const free = this.free.get(memory);
    if (free === undefined) this.free.set(memory, [group]);
    else free.push(group);
  }

  private make(parent: string, memory: number): string {
    // Runs of an earlier daemon may be in groups of theirs, even if it had our process id.
    const group = join(parent, `${process.pid}-${++this.made}`);
    try {
      // Where commands of a run go (bin/pocket): they are no part of its memory.
      mkdirSync(join(parent, 'programs'), { recursive: true });
      mkdirSync(group);
      limit(group, memory);
      return group;
    } catch (error) {
      return hasErrno(error, 'EEXIST') ? this.make(parent, memory) : '';
    }
  }
}

function limit(group: string, memory: number): void {
  const version2 = existsSync(join(group, 'memory.max'));
  writeFileSync(join(group, version2 ? 'memory.max' : 'memory.limit_in_bytes'), String(memory));
  try {
    // Without swap accounting in the kernel these are not there.
    if (version2) writeFileSync(join(group, 'memory.swap.max'), '0');
    else writeFileSync(join(group, 'memory.memsw.limit_in_bytes'), String(memory));
  } catch (error) {
    if (!hasErrno(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
  }
}

/** Whether the runs before have left next to no memory. */
function isEmpty(group: string, memory: number): boolean {
  for (const file of ['memory.usage_in_bytes', 'memory.current']) {
    try {
      return Number(readFileSync(join(group, file), 'latin1')) <= memory * MOST_LEFT;
    } catch (error) {
      if (!hasErrno(error, 'ENOENT')) throw error;
    }
  }
  return false;
}
