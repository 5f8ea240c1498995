import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Attempt, chainAttempts } from '../../chain/advise/attempt.js';
import { type TaskNeed, taskNeeds } from '../../chain/advise/task-need.js';
import { CHAIN_STATES, type Checkpoint } from '../../chain/checkpoint.js';
import { listChains, readCheckpoint } from '../../chain/open-chain.js';
import { CHAIN_ID, type TrackerPaths } from '../../chain/paths.js';
import { AfterokError } from '../../errors.js';
import { outcomesOf } from './status.js';

/** A chain and what its tasks did. */
export interface PastChain {
  checkpoint: Checkpoint;
  attempts: Attempt[];
  needs: TaskNeed[];
}

export function pastChain(tracker: TrackerPaths, id: string): PastChain {
  const paths = tracker.chain(id);
  const checkpoint = readCheckpoint(paths);
  const attempts = chainAttempts(checkpoint, outcomesOf(paths));
  if (!CHAIN_STATES[checkpoint.state].ended) {
    process.stderr.write(
      `mem-escalate: warning: chain ${id} has not ended: only its finished rounds count\n`,
    );
  }
  return { checkpoint, attempts, needs: taskNeeds(attempts) };
}

/**
 * The chains that a word names, oldest first: one by its id, or all that ran a script of this file name or content.
 *
 * @throws AfterokError when there is none
 */
export function pastChains(tracker: TrackerPaths, word: string): PastChain[] {
  if (CHAIN_ID.test(word)) return [pastChain(tracker, word)];
  const content = existsSync(word) ? createHash('sha256').update(readFileSync(word)).digest('hex') : null;
  const chains = listChains(tracker).flatMap((id) => {
    const script = scriptOf(tracker, id);
    const same = script !== null && (script.name === basename(word) || script.sha256 === content);
    return same ? [pastChain(tracker, id)] : [];
  });
  if (chains.length > 0) return chains;
  throw new AfterokError(
    'too-little-history',
    `no chain in ${tracker.checkpoints} has run ${basename(word)}`,
    'mem-escalate --list shows the chains; --tracker names another folder',
  );
}

function scriptOf(tracker: TrackerPaths, id: string): Checkpoint['request']['script'] | null {
  try {
    return readCheckpoint(tracker.chain(id)).request.script;
  } catch (error) {
    if (!(error instanceof AfterokError)) throw error;
    process.stderr.write(`mem-escalate: warning: ${error.message}\n`);
    return null;
  }
}
