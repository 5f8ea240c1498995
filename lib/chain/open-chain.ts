import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { writeFileAtomic } from '../atomic-file.js';
import { epochSeconds, pause } from '../clock.js';
import { AfterokError, hasErrno } from '../errors.js';
import { makeFolder } from '../make-folder.js';
import { CHECKPOINT_VERSION, type ChainEvent, type Checkpoint } from './checkpoint.js';
import { CHAIN_ID, type ChainPaths, TrackerPaths } from './paths.js';

/** Seconds after which a lock whose holder died is taken over; a living holder touches it every half of that. */
const LOCK_STALE = Number(process.env.AFTEROK_LOCK_STALE ?? 30);

/** Seconds that a command waits for another one to finish its step. */
const LOCK_PATIENCE = 120;

/** Seconds from one try to the next, on average. */
const LOCK_LOOK = 0.25;

/** A chain that this process may change: it holds the chain's lock. */
export class OpenChain {
  private constructor(
    readonly paths: ChainPaths,
    private current: Checkpoint,
  ) {}

  /** Runs `work` with the chain locked, and with the checkpoint as it is then. */
  static async with<T>(paths: ChainPaths, work: (chain: OpenChain) => Promise<T>): Promise<T> {
    const unlock = await lock(paths);
    try {
      return await work(new OpenChain(paths, readCheckpoint(paths)));
    } finally {
      await unlock();
    }
  }

  get checkpoint(): Checkpoint {
    return this.current;
  }

  /** Writes the next state of the chain. The one before stays intact when that fails. */
  write(
    change: Partial<Omit<Checkpoint, 'version' | 'sequence' | 'chain'>>,
    event?: Omit<ChainEvent, 'at'>,
  ): void {
    const now = epochSeconds();
    const next: Checkpoint = {
      ...this.current,
      ...change,
      sequence: this.current.sequence + 1,
      updatedAt: now,
      events: [
        ...(change.events ?? this.current.events),
        ...(event === undefined ? [] : [{ at: now, ...event }]),
      ],
    };
    writeCheckpoint(this.paths, next);
    this.current = next;
  }
}

async function lock(paths: ChainPaths): Promise<() => Promise<void>> {
  if (!existsSync(paths.checkpoint)) throw unknownChain(paths);
  const deadline = epochSeconds() + LOCK_PATIENCE;
  for (;;) {
    const unlock = await tryLock(paths);
    if (unlock !== null) return unlock;
    if (epochSeconds() > deadline) {
      throw new AfterokError(
        'chain-busy',
        `chain ${paths.chain} is being worked on by another command`,
        'try again in a moment',
      );
    }
    await pause(LOCK_LOOK * (0.5 + Math.random()));
  }
}

function toldByTheWrite(): void {}

/** @returns null while another process holds the lock */
async function tryLock(paths: ChainPaths): Promise<(() => Promise<void>) | null> {
  const { lock } = await import('proper-lockfile');
  // It ends a process that reaches a limit on the size of files before the error of the write is told, unless somebody
  // else listens to that signal (signal-exit 3).
  if (!process.listeners('SIGXFSZ').includes(toldByTheWrite)) process.on('SIGXFSZ', toldByTheWrite);
  try {
    // mkdir is atomic on network filesystems too, which flock is not everywhere.
    return await lock(paths.checkpoint, {
      stale: LOCK_STALE * 1000,
      update: (LOCK_STALE * 1000) / 3,
      realpath: false,
    });
  } catch (error) {
    if (hasErrno(error, 'ELOCKED')) return null;
    throw new AfterokError(
      'tracker-unusable',
      `cannot lock ${paths.checkpoint}: ${(error as Error).message}`,
      null,
      { cause: error },
    );
  }
}

export function writeCheckpoint(paths: ChainPaths, checkpoint: Checkpoint): void {
  try {
    writeFileAtomic(paths.checkpoint, `${JSON.stringify(checkpoint, spellUnlimited, 1)}\n`);
  } catch (error) {
    throw new AfterokError(
      'tracker-unusable',
      `cannot write ${paths.checkpoint}: ${(error as Error).message}`,
      'the state before is intact; free space or mend permissions, then: mem-escalate --resume ' +
        paths.chain,
      { cause: error },
    );
  }
}

/** @throws AfterokError when there is none, or when it is not a checkpoint that this version reads */
export function readCheckpoint(paths: ChainPaths): Checkpoint {
  let text: string;
  try {
    text = readFileSync(paths.checkpoint, 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) throw unknownChain(paths);
    throw new AfterokError(
      'checkpoint-unusable',
      `cannot read ${paths.checkpoint}: ${(error as Error).message}`,
      null,
      { cause: error },
    );
  }
  const checkpoint = parseJson(text);
  if (checkpoint?.version === CHECKPOINT_VERSION) return checkpoint;
  const found = checkpoint === null ? 'not JSON' : `version ${String(checkpoint.version)}`;
  throw new AfterokError(
    'checkpoint-unusable',
    `${paths.checkpoint}: ${found}, expected a checkpoint of version ${CHECKPOINT_VERSION}`,
  );
}

function parseJson(text: string): Checkpoint | null {
  try {
    return JSON.parse(text, readUnlimited) as Checkpoint;
  } catch {
    return null;
  }
}

/** JSON has no Infinity: a level without time limit is written in Slurm's word. */
function spellUnlimited(_key: string, value: unknown): unknown {
  return value === Number.POSITIVE_INFINITY ? 'UNLIMITED' : value;
}

function readUnlimited(key: string, value: unknown): unknown {
  return key === 'time' && value === 'UNLIMITED' ? Number.POSITIVE_INFINITY : value;
}

function unknownChain(paths: ChainPaths): AfterokError {
  return new AfterokError(
    'unknown-chain',
    `no chain ${paths.chain} in ${paths.tracker.checkpoints}`,
    'mem-escalate --list shows the chains; --tracker names another folder',
  );
}

/** The chain ids of a tracker folder, oldest first; none when there is no such folder. */
export function listChains(tracker: TrackerPaths): string[] {
  try {
    const names = readdirSync(tracker.checkpoints).filter((name) => name.endsWith('.checkpoint'));
    return names
      .map((name) => basename(name, '.checkpoint'))
      .filter((id) => CHAIN_ID.test(id))
      .sort();
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw new AfterokError(
      'tracker-unusable',
      `cannot read ${tracker.checkpoints}: ${(error as Error).message}`,
      null,
      { cause: error },
    );
  }
}

/** The chain whose checkpoint file this is: all that a handler is told. */
export function chainOfCheckpoint(checkpoint: string): ChainPaths {
  return new TrackerPaths(dirname(dirname(checkpoint))).chain(basename(checkpoint, '.checkpoint'));
}

export function makeTracker(tracker: TrackerPaths): void {
  try {
    makeFolder(tracker.checkpoints);
    makeFolder(tracker.chains);
  } catch (error) {
    throw new AfterokError(
      'tracker-unusable',
      `cannot use tracker folder ${tracker.tracker}: ${(error as Error).message}`,
      'name a writable folder that compute nodes see: --tracker DIR or AFTEROK_TRACKER=DIR',
      { cause: error },
    );
  }
}
