import { parentPort } from 'node:worker_threads';
import { replay, type Verdict } from './replay.js';

/** A thread that runs the seeds which it is sent, until it is sent null. */
parentPort?.on('message', async (seeds: number[] | null) => {
  if (seeds === null) {
    parentPort?.close();
    return;
  }
  const verdicts: Verdict[] = [];
  for (const seed of seeds) {
    const verdict = await replay(seed);
    // Only of those that a person will read.
    verdicts.push(verdict.violations.length > 0 ? verdict : { ...verdict, log: [], faults: [] });
  }
  parentPort?.postMessage(verdicts);
});
