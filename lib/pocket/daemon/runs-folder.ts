import { lstatSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { hasErrno } from '../../errors.js';
import type { RunId } from '../job.js';

/** A process that cannot be mistaken for a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks since the machine was started. */
  started: number;
}

/** What a run's supervisor wrote down of its end; see launcher.pl. */
export interface EndRecord {
  code: number;
  signal: number;
  outOfMemory: boolean;
  /** Bytes. */
  largestProcess: number | null;
  launchFailed: boolean;
  /** Milliseconds since the epoch. */
  at: number;
}

/** `RAW.RESTART`, the name of a run in the runs folder. */
export function runName({ rawId, restart }: RunId): string {
  return `${rawId}.${restart}`;
}

/** @returns null for a name that is none of a run's claim */
export function parseRunName(name: string): RunId | null {
  const match = /^(\d+)\.(\d+)$/.exec(name);
  return match === null ? null : { rawId: Number(match[1]), restart: Number(match[2]) };
}

/** The links by which supervisors and the daemon tell each other of runs: whole or not there, whoever is killed. */
export class RunsFolder {
  constructor(private readonly folder: string) {}

  /** Names of the runs that were claimed and not yet forgotten. */
  claimed(): string[] {
    return readdirSync(this.folder).filter((name) => parseRunName(name) !== null);
  }

  /** Who supervises a run; null when nobody has claimed it. */
  claim(run: string): ProcessIdentity | null {
    const target = this.target(run);
    if (target === null) return null;
    const [pid, started] = target.split(':').map(Number);
    return { pid: pid ?? 0, started: started ?? 0 };
  }

  /** How a run ended; null while it goes on, or if its supervisor was killed. */
  end(run: string): EndRecord | null {
    const target = this.target(`${run}.end`);
    if (target === null) return null;
    const [code, signal, outOfMemory, peak, failed] = target.split(':');
    return {
      code: Number(code),
      signal: Number(signal),
      outOfMemory: outOfMemory === '1',
      largestProcess: peak === '' ? null : Number(peak),
      launchFailed: failed === '1',
      at: lstatSync(join(this.folder, `${run}.end`)).mtimeMs,
    };
  }

  /** Makes the supervisor write OUT_OF_MEMORY, whenever the run's processes are gone. */
  markOutOfMemory(run: string): void {
    try {
      symlinkSync('1', join(this.folder, `${run}.oom`));
    } catch (error) {
      if (!hasErrno(error, 'EEXIST')) throw error;
    }
  }

  /** For a run whose end is in the state. The claim goes last: without it the run could be started again. */
  forget(run: string): void {
    for (const suffix of ['.oom', '.end', '']) rmSync(join(this.folder, `${run}${suffix}`), { force: true });
  }

  private target(name: string): string | null {
    try {
      return readlinkSync(join(this.folder, name));
    } catch (error) {
      if (hasErrno(error, 'ENOENT')) return null;
      throw error;
    }
  }
}
