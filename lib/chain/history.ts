import { resolve } from 'node:path';
import { AfterokError } from '../errors.js';
import type { History } from '../store/history/history.js';
import type { ChainPicture } from '../store/history/rows.js';
import type { Checkpoint } from './checkpoint.js';
import { chainPicture } from './history-picture.js';
import { listChains, readCheckpoint } from './open-chain.js';
import { readOutcomes } from './outcomes-file.js';
import type { ChainPaths, TrackerPaths } from './paths.js';

/**
 * Brings the history database's picture of one chain up to date. Can be repeated and run by several processes at
 * once: an older checkpoint changes nothing. No chain depends on it; what fails here, a later call makes up for.
 *
 * @throws AfterokError `database-unusable`, or `checkpoint-unusable` when an outcome file cannot be read
 */
export async function recordChain(paths: ChainPaths, checkpoint: Checkpoint): Promise<void> {
  const database = historyDatabase(paths, checkpoint);
  if (database === null) return;
  const { History } = await import('../store/history/history.js');
  for (;;) {
    const history = History.open(database);
    try {
      const result = history.record(picture(paths, checkpoint, history));
      if (result !== 'replaced') return;
    } finally {
      history.close();
    }
  }
}

/** Where a chain's history goes, null for nowhere. Relative paths start at the tracker: handlers run elsewhere. */
function historyDatabase({ tracker }: ChainPaths, { ladder }: Checkpoint): string | null {
  const { enabled, database } = ladder.history;
  if (!enabled) return null;
  return database === null ? resolve(tracker.database) : resolve(tracker.tracker, database);
}

function picture(paths: ChainPaths, checkpoint: Checkpoint, history: History): ChainPicture {
  const recorded = history.recordedRounds(checkpoint.chain);
  try {
    return chainPicture(checkpoint, (round) => readOutcomes(paths.outcomes(round)), recorded);
  } catch (cause) {
    throw new AfterokError(
      'checkpoint-unusable',
      `chain ${checkpoint.chain}: cannot read how its tasks ended: ${(cause as Error).message}`,
      null,
      { cause },
    );
  }
}

export interface RebuiltHistory {
  chains: number;
  /** Attempts: a task counts once for each round that it was run in. */
  tasks: number;
  /** One line for each chain that was left out. */
  warnings: string[];
}

/**
 * Makes the tracker's history database anew from checkpoints and outcome files, beside the old one, and puts it in
 * its place when it is whole. Chains whose ladder names another database are recorded there: that one may hold
 * chains of other trackers.
 *
 * @param onChain told each chain before it is read
 * @throws AfterokError when the database cannot be written; the old one is then as it was
 */
export async function rebuildHistory(
  tracker: TrackerPaths,
  onChain: (id: string) => void = () => {},
): Promise<RebuiltHistory> {
  const { History } = await import('../store/history/history.js');
  const { removeDatabase, replaceDatabase } = await import('../store/history/replace.js');
  const fresh = `${tracker.database}.${process.pid}.tmp`;
  removeDatabase(fresh);
  try {
    await withHistory(History.open(fresh), (history) => recordAll(history, tracker, onChain));
    replaceDatabase(fresh, tracker.database);
  } finally {
    removeDatabase(fresh);
  }
  // Once more, for what was recorded in the old database after its chain had been read; the rest is skipped.
  return await withHistory(History.open(tracker.database), async (history) => {
    const warnings = await recordAll(history, tracker, () => {});
    return { ...history.counts(), warnings };
  });
}

async function withHistory<T>(history: History, work: (history: History) => Promise<T>): Promise<T> {
  try {
    return await work(history);
  } finally {
    history.close();
  }
}

/** @returns a warning for each chain that cannot be recorded */
async function recordAll(
  history: History,
  tracker: TrackerPaths,
  onChain: (id: string) => void,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const id of listChains(tracker)) {
    onChain(id);
    const problem = await recordOne(history, tracker.chain(id));
    if (problem !== null) warnings.push(`chain ${id} left out: ${problem}`);
  }
  return warnings;
}

/** @returns what is wrong with the chain, or null; a failure of this history itself is thrown */
async function recordOne(history: History, paths: ChainPaths): Promise<string | null> {
  const { isRefusal } = await import('../store/database-error.js');
  let elsewhere = false;
  try {
    const checkpoint = readCheckpoint(paths);
    elsewhere = historyDatabase(paths, checkpoint) !== resolve(paths.tracker.database);
    if (elsewhere) await recordChain(paths, checkpoint);
    else history.record(picture(paths, checkpoint, history));
    return null;
  } catch (error) {
    const ofDatabase = error instanceof AfterokError && error.code === 'database-unusable';
    if (ofDatabase && !elsewhere && !isRefusal(error)) throw error;
    return (error as Error).message;
  }
}
