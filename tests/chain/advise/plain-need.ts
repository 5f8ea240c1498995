import fc from 'fast-check';
import type { TaskNeed } from '../../../lib/chain/advise/task-need.js';

const GIGABYTE = 2 ** 30;

/** A task that completes, needs 1G and runs for a minute, with what is given. */
export function need(index: number, change: Partial<TaskNeed> = {}): TaskNeed {
  return {
    index,
    memory: { atLeast: GIGABYTE, known: true },
    time: { atLeast: 60, known: true },
    cpus: 1,
    succeeds: true,
    measured: true,
    ranOut: { memory: false, time: false },
    outOfMemory: [],
    ...change,
  };
}

/** Needs of small numbers, so that they often meet the sizes of rungs exactly. */
export function anyNeeds(options: {
  known: boolean;
  largest: number;
  most: number;
}): fc.Arbitrary<TaskNeed[]> {
  const amount = fc.record({
    atLeast: fc.integer({ min: 1, max: options.largest }),
    known: options.known ? fc.constant(true) : fc.boolean(),
  });
  const one = fc.record({
    memory: amount,
    time: amount,
    cpus: fc.integer({ min: 1, max: 4 }),
    succeeds: fc.boolean(),
    ran: fc.array(fc.record({ mem: fc.integer({ min: 1, max: 9 }), after: fc.integer({ min: 1, max: 9 }) }), {
      maxLength: 2,
    }),
  });
  return fc
    .array(one, { minLength: 1, maxLength: options.most })
    .map((needs) =>
      needs.map(({ ran, ...rest }, index) =>
        need(index, { ...rest, outOfMemory: [...ran].sort((a, b) => a.mem - b.mem) }),
      ),
    );
}
