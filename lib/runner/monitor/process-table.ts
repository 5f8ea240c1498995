import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { hasErrno } from '../../errors.js';
import { statFields, TICKS_PER_SECOND } from '../../proc-stat.js';

/** One line of /proc/PID/stat, as far as it matters here. */
export interface ProcessRow {
  pid: number;
  parent: number;
  session: number;
  /** Processor time of it and of the children that it has waited for, seconds. */
  cpuSeconds: number;
  memoryBytes: number;
}

/** A stat line has no more than about 400 characters. */
const buffer = Buffer.alloc(4096);

/** Parses /proc/PID/stat; null for what has ended and only waits for its parent. */
export function parseStat(text: string, pageSize: number): ProcessRow | null {
  const fields = statFields(text);
  if (fields[0] === 'Z' || fields[0] === 'X') return null;
  const number = (place: number) => Number(fields[place]);
  return {
    pid: Number.parseInt(text, 10),
    parent: number(1),
    session: number(3),
    cpuSeconds: (number(11) + number(12) + number(13) + number(14)) / TICKS_PER_SECOND,
    memoryBytes: number(21) * pageSize,
  };
}

/** Process ids of everything on this machine. */
export function listProcesses(): string[] {
  return readdirSync('/proc').filter((name) => name.charCodeAt(0) <= NINE);
}

const NINE = '9'.charCodeAt(0);

/** Null for one that has ended. */
export function readProcess(pid: string): ProcessRow | null {
  let file: number;
  try {
    file = openSync(`/proc/${pid}/stat`, 'r');
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ESRCH', 'EACCES', 'ENOTDIR')) return null;
    throw error;
  }
  try {
    return parseStat(buffer.toString('latin1', 0, readSync(file, buffer)), pageSize());
  } catch (error) {
    if (hasErrno(error, 'ESRCH')) return null;
    throw error;
  } finally {
    closeSync(file);
  }
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
