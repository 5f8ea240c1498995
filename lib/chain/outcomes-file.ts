import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../atomic-file.js';
import { hasErrno } from '../errors.js';
import type { TaskOutcome } from './checkpoint.js';

/** Keeps how every attempt of a finished round ended, one JSON object a line, by ascending index. */
export function writeOutcomes(path: string, outcomes: Iterable<TaskOutcome>): void {
  const sorted = [...outcomes].sort((a, b) => a.index - b.index);
  writeFileAtomic(path, sorted.map((outcome) => `${JSON.stringify(outcome)}\n`).join(''));
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
