import { readdirSync, readFileSync } from 'node:fs';
import { hasErrno } from '../../errors.js';
import { statFields } from '../../proc-stat.js';
import type { ProcessIdentity } from './runs-log.js';

/** One line of /proc/PID/stat. */
export interface ProcessRow extends ProcessIdentity {
  parent: number;
  session: number;
  /** Bytes of resident memory. */
  resident: number;
}

/** Whether one process lives: without a look at all. */
export function lives({ pid, started }: ProcessIdentity): boolean {
  return readProcess(String(pid))?.started === started;
}

/** All living processes of the machine, as seen in one look at /proc. */
export class ProcessTable {
  private readonly children = new Map<number, ProcessRow[]>();

  constructor(private readonly rows: ReadonlyMap<number, ProcessRow>) {
    for (const row of rows.values()) {
      const siblings = this.children.get(row.parent);
      if (siblings === undefined) this.children.set(row.parent, [row]);
      else siblings.push(row);
    }
  }

  static read(): ProcessTable {
    const rows = new Map<number, ProcessRow>();
    for (const name of readdirSync('/proc')) {
      if (!/^\d/.test(name)) continue;
      const row = readProcess(name);
      if (row !== null) rows.set(row.pid, row);
    }
    return new ProcessTable(rows);
  }

  lives({ pid, started }: ProcessIdentity): boolean {
    return this.rows.get(pid)?.started === started;
  }

  /** Everything below a process; a supervisor loses none, since it adopts what its descendants leave. */
  below(pid: number): ProcessRow[] {
    const found: ProcessRow[] = [];
    const open = [...(this.children.get(pid) ?? [])];
    for (let row = open.pop(); row !== undefined; row = open.pop()) {
      found.push(row);
      open.push(...(this.children.get(row.pid) ?? []));
    }
    return found;
  }

  /** What a supervisor that was killed has left. */
  inSession(session: number): ProcessRow[] {
    return [...this.rows.values()].filter((row) => row.session === session);
  }
}

/** The first of a supervisor's children: the batch shell. Ticks are coarse, ids then tell. */
export function batchShell(supervisor: number, tree: readonly ProcessRow[]): ProcessRow | null {
  const children = tree.filter((row) => row.parent === supervisor);
  return children.sort((a, b) => a.started - b.started || a.pid - b.pid)[0] ?? null;
}

/** Whether srun started it, on its own or through others: they have a step's number in their environment. */
export function isOfStep({ pid }: ProcessIdentity): boolean {
  try {
    return /(^|\0)SLURM_STEP_ID=\d/.test(readFileSync(`/proc/${pid}/environ`, 'latin1'));
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES')) return false;
    throw error;
  }
}

/**
 * Bytes of memory that these processes really take: what several of them share counts once.
 *
 * @returns null when the kernel does not tell, or all are gone
 */
export function proportionalSize(processes: readonly ProcessIdentity[]): number | null {
  let total: number | null = null;
  for (const { pid } of processes) {
    try {
      const match = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
      if (match !== null) total = (total ?? 0) + Number(match[1]) * 1024;
    } catch (error) {
      if (!hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES')) throw error;
    }
  }
  return total;
}

function readProcess(pid: string): ProcessRow | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES')) return null;
    throw error;
  }
  const fields = statFields(stat);
  const number = (place: number) => Number(fields[place]);
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  return {
    pid: Number(pid),
    parent: number(1),
    session: number(3),
    started: number(19),
    resident: number(21) * pageSize(),
  };
}

let knownPageSize: number | null = null;

/** /proc counts in pages, and only this process's own size is known in bytes as well. */
function pageSize(): number {
  if (knownPageSize === null) {
    const pages = Number(readFileSync('/proc/self/statm', 'latin1').split(' ')[1]);
    knownPageSize = 2 ** Math.round(Math.log2(process.memoryUsage.rss() / pages));
  }
  return knownPageSize;
}
