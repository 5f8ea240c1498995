import { listProcesses, type ProcessRow, readProcess } from './process-table.js';

/** Looks after which everything is read anew, lest a process id be taken for what it was long ago. */
const LOOKS = 30;

/**
 * Which processes belong to which job. A job's processes are those of the session that the runner has made for it, and
 * what descends from them. What is known to be none of a job's is not read again: it cannot become one.
 */
export class JobTrees {
  private foreign = new Set<string>();
  private looks = 0;

  /**
   * One pass over all processes.
   *
   * @param leaders process ids of the jobs' first processes
   * @returns the living processes of each of them that has any
   */
  look(leaders: ReadonlySet<number>): Map<number, ProcessRow[]> {
    this.looks += 1;
    // A job may have begun between the last look and the word of it.
    const isWrong = [...leaders].some((pid) => this.foreign.has(String(pid)));
    if (isWrong || this.looks % LOOKS === 0) this.foreign = new Set();
    const foreign = new Set<string>();
    const rows = new Map<number, ProcessRow>();
    for (const pid of listProcesses()) {
      if (this.foreign.has(pid)) {
        foreign.add(pid);
        continue;
      }
      const row = readProcess(pid);
      if (row !== null) rows.set(row.pid, row);
    }
    const trees = groupByLeader(rows, leaders);
    for (const tree of trees.values()) for (const { pid } of tree) rows.delete(pid);
    for (const pid of rows.keys()) foreign.add(String(pid));
    this.foreign = foreign;
    return trees;
  }
}

/** Processes by the leader of their session, or by an ancestor's. */
export function groupByLeader(
  rows: ReadonlyMap<number, ProcessRow>,
  leaders: ReadonlySet<number>,
): Map<number, ProcessRow[]> {
  const trees = new Map<number, ProcessRow[]>();
  for (const row of rows.values()) {
    const leader = leaderOf(row, rows, leaders);
    if (leader === null) continue;
    const tree = trees.get(leader);
    if (tree === undefined) trees.set(leader, [row]);
    else tree.push(row);
  }
  return trees;
}

function leaderOf(
  row: ProcessRow,
  rows: ReadonlyMap<number, ProcessRow>,
  leaders: ReadonlySet<number>,
): number | null {
  // Rows are read one after the other, so that ids given anew may make a circle; no tree is as deep as this.
  let current: ProcessRow | undefined = row;
  for (let depth = 0; current !== undefined && depth < 64; depth += 1) {
    if (leaders.has(current.pid)) return current.pid;
    if (leaders.has(current.session)) return current.session;
    current = rows.get(current.parent);
  }
  return null;
}
