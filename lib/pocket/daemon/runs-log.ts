import { closeSync, openSync, readdirSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
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

/** One line of a log; launcher.pl writes the first two. */
export type RunLine =
  | { what: 'claim'; run: string; supervisor: ProcessIdentity }
  | { what: 'end'; run: string; end: EndRecord }
  | { what: 'forgotten'; run: string };

/** `RAW.RESTART`, the name of a run in the logs. */
export function runName({ rawId, restart }: RunId): string {
  return `${rawId}.${restart}`;
}

/** @returns null for a line that was not written to its end, or has nothing in it */
export function parseRunLine(line: string): RunLine | null {
  const [, run = '', what, text = ''] = /^(\d+\.\d+) (by|ended|forgotten) ?([\d:]*);$/.exec(line) ?? [];
  const fields = text.split(':');
  const number = (place: number) => Number(fields[place]);
  if (what === 'forgotten') return { what, run };
  if (what === 'by' && fields.length === 2)
    return { what: 'claim', run, supervisor: { pid: number(0), started: number(1) } };
  if (what !== 'ended' || fields.length !== 6) return null;
  const end = {
    code: number(0),
    signal: number(1),
    outOfMemory: fields[2] === '1',
    largestProcess: fields[3] === '' ? null : number(3),
    launchFailed: fields[4] === '1',
    at: number(5),
  };
  return { what: 'end', run, end };
}

/** One file, read as far as it has been written. */
interface Log {
  number: number;
  descriptor: number;
  /** Bytes that were read. */
  offset: number;
  /** The beginning of a line whose end is still to be read. */
  rest: string;
  /** Runs in it that are still of interest. */
  open: Set<string>;
  /** Runs whose lines in it mean nothing any more. */
  forgotten: Set<string>;
}

interface Known {
  log: Log;
  claim: ProcessIdentity | null;
  end: EndRecord | null;
}

/** A log with so many bytes gets no further runs. */
const LARGE = 2 ** 20;

const CHUNK = Buffer.alloc(2 ** 16);

/**
 * The logs by which supervisors tell the daemon of runs: a line is there as a whole, or counts as not written. New runs
 * go into the newest log; an older one is removed when none of its runs is of interest.
 */
export class RunsLog {
  private readonly known = new Map<string, Known>();
  private readonly logs: Log[] = [];
  /** Runs that were killed for want of memory. */
  private readonly marked: Set<string>;

  /** @param folder where the logs are; those of earlier daemons are read */
  constructor(private readonly folder: string) {
    const names = readdirSync(folder);
    this.marked = new Set(names.filter((name) => name.endsWith('.oom')).map((name) => name.slice(0, -4)));
    const numbers = names.filter((name) => /^\d+\.log$/.test(name)).map((name) => Number.parseInt(name, 10));
    for (const number of numbers.sort((a, b) => a - b)) this.open(number);
    this.read();
  }

  /** Takes note of what was written since the last call. */
  read(): void {
    for (const log of this.logs) this.readOn(log);
  }

  /** Names of the runs that were claimed and not yet forgotten. */
  claimed(): string[] {
    return [...this.known].filter(([, { claim }]) => claim !== null).map(([run]) => run);
  }

  /** Who supervises a run, as far as was read; null when nobody has claimed it. */
  claim(run: string): ProcessIdentity | null {
    return this.known.get(run)?.claim ?? null;
  }

  /** How a run ended, as far as was read; null while it goes on, or if its supervisor was killed. */
  end(run: string): EndRecord | null {
    return this.known.get(run)?.end ?? null;
  }

  /**
   * Before a run is started: where its supervisor is to write.
   *
   * @returns the name of the log within the folder
   */
  expect(run: string): string {
    // Job ids can come again, and logs outlive daemons.
    for (const log of this.logs)
      if (log.forgotten.delete(run)) writeSync(log.descriptor, `\n${run} forgotten;\n`);
    let log = this.logs.at(-1);
    if (log === undefined || log.offset > LARGE) log = this.open((log?.number ?? 0) + 1);
    this.known.get(run)?.log.open.delete(run);
    this.known.set(run, { log, claim: null, end: null });
    log.open.add(run);
    return logName(log.number);
  }

  /** Makes the supervisor write OUT_OF_MEMORY, whenever the run's processes are gone. */
  markOutOfMemory(run: string): void {
    writeFileSync(join(this.folder, `${run}.oom`), '');
    this.marked.add(run);
  }

  /** For a run whose end is in the state. */
  forget(run: string): void {
    const known = this.known.get(run);
    if (known === undefined) return;
    this.known.delete(run);
    if (this.marked.delete(run)) rmSync(join(this.folder, `${run}.oom`), { force: true });
    known.log.open.delete(run);
    known.log.forgotten.add(run);
    if (known.log !== this.logs.at(-1)) this.removeIfDone(known.log);
  }

  /** Removes logs in which no run is of interest; others are left to the next daemon. */
  close(): void {
    for (const log of [...this.logs]) this.removeIfDone(log);
  }

  private open(number: number): Log {
    const descriptor = openSync(join(this.folder, logName(number)), 'a+', 0o600);
    const log = {
      number,
      descriptor,
      offset: 0,
      rest: '',
      open: new Set<string>(),
      forgotten: new Set<string>(),
    };
    this.logs.push(log);
    return log;
  }

  private readOn(log: Log): void {
    for (;;) {
      const length = readSync(log.descriptor, CHUNK, 0, CHUNK.length, log.offset);
      if (length === 0) return;
      log.offset += length;
      const lines = (log.rest + CHUNK.toString('latin1', 0, length)).split('\n');
      log.rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.take(log, parseRunLine(line));
    }
  }

  private take(log: Log, line: RunLine | null): void {
    if (line === null) return;
    const known = this.known.get(line.run);
    switch (line.what) {
      case 'claim':
        known?.log.open.delete(line.run);
        this.known.set(line.run, { log, claim: line.supervisor, end: null });
        log.open.add(line.run);
        break;
      case 'end':
        if (known?.log === log) known.end = line.end;
        break;
      case 'forgotten':
        // Said by this daemon it is about an earlier run, and the one that is expected goes on.
        if (known?.log !== log || known.claim === null) break;
        this.known.delete(line.run);
        log.open.delete(line.run);
        break;
      default:
        line satisfies never;
    }
  }

  private removeIfDone(log: Log): void {
    if (log.open.size > 0) return;
    this.logs.splice(this.logs.indexOf(log), 1);
    closeSync(log.descriptor);
    rmSync(join(this.folder, logName(log.number)), { force: true });
  }
}

function logName(number: number): string {
  return `${number}.log`;
}
