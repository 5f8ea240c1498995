import { closeSync, openSync, writeSync } from 'node:fs';
import type { Round } from '../../lib/chain/checkpoint.js';
import { indices } from '../../lib/chain/index-set.js';

/** Whether a task runs out of memory in this round. */
export type Fails = (index: number, round: number) => boolean;

/** Numbers from 0 to 1 that depend on nothing but task and round (the finisher of MurmurHash3). */
function drawn(index: number, round: number): number {
  let hash = Math.imul(index + 1, 0x9e3779b1) ^ Math.imul(round, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Which tasks of a round fail; of those that failed before, for the later rounds. */
export const FAILURES: Record<string, Fails> = {
  periodic: (index, round) => Math.floor(index / 10 ** (round - 1)) % 10 >= 5,
  'random 10 %': (index, round) => drawn(index, round) < 0.1,
  'random half': (index, round) => drawn(index, round) < 0.5,
};

const COMPLETED = 'COMPLETED|0:0|n';
const OUT_OF_MEMORY = 'OUT_OF_MEMORY|0:125|n';

/** Writes what sacct prints of a round that has ended: a row of each task and one of its batch step. */
export function writeAccounting(path: string, round: Round, fails: Fails): void {
  const file = openSync(path, 'w');
  for (const { jobId, mapped, indices: spec } of round.jobs) {
    let text = '';
    indices(spec).forEach((index, place) => {
      const task = mapped ? place : index;
      const id = `${jobId}_${task}`;
      const raw = Number(jobId) + task;
      const end = `${(fails(index, round.number) ? OUT_OF_MEMORY : COMPLETED) + (index % 200)}|${60 + (index % 97)}|1`;
      const times = [0, 1, 99].map((after) => Math.floor(round.startedAt) + after).join('|');
      text += `${id}|${raw}|${end}||${times}|\n${id}.batch|${raw}.batch|${end}|${900_000 + (index % 9999)}K|${times}|\n`;
      if (text.length < 2 ** 20) return;
      writeSync(file, text);
      text = '';
    });
    writeSync(file, text);
  }
  closeSync(file);
}
