import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../atomic-file.js';
import { hasErrno } from '../errors.js';
import type { TaskOutcome } from './checkpoint.js';

/** Keeps how every attempt of a finished round ended, one JSON object a line, in the order given: by ascending index. */
export function writeOutcomes(path: string, outcomes: Iterable<TaskOutcome>): void {
  writeFileAtomic(path, blocks(outcomes));
}

/** Characters that are written at once; the whole of a million tasks is 200 MB. */
const BLOCK = 2 ** 20;

function* blocks(outcomes: Iterable<TaskOutcome>): Generator<string> {
  let block = '';
  for (const outcome of outcomes) {
    block += `${JSON.stringify(outcome)}\n`;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  yield block;
}

/** The attempts of a finished round; none for a round that has not finished. */
export function readOutcomes(path: string): TaskOutcome[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line) as TaskOutcome);
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  }
}
