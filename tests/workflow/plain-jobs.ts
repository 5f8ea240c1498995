import fc from 'fast-check';
import type { GraphJob } from '../../lib/workflow/graph/edge-sources.js';

/** A job that waits for nothing but what is said. */
export function job(name: string, given: Partial<Omit<GraphJob, 'name'>> = {}): GraphJob {
  return {
    name,
    dependsOn: [],
    inputFiles: [],
    outputFiles: [],
    inputUserData: [],
    outputUserData: [],
    ...given,
  };
}

/** `count` jobs called `name_1`, `name_2`, … */
export function jobs(name: string, count: number, given: Partial<Omit<GraphJob, 'name'>> = {}): GraphJob[] {
  return Array.from({ length: count }, (_, index) => job(`${name}_${index + 1}`, given));
}

/** Up to twelve jobs with edges of every kind, forward and backward; cycles are common, edges to oneself happen. */
export const anyJobs: fc.Arbitrary<GraphJob[]> = fc
  .array(
    fc.record({
      dependsOn: fc.array(fc.nat({ max: 14 }), { maxLength: 2 }),
      inputFiles: fc.array(fc.nat({ max: 6 }), { maxLength: 2 }),
      outputFiles: fc.array(fc.nat({ max: 6 }), { maxLength: 1 }),
      inputUserData: fc.array(fc.nat({ max: 6 }), { maxLength: 1 }),
      outputUserData: fc.array(fc.nat({ max: 6 }), { maxLength: 1 }),
    }),
    { maxLength: 12 },
  )
  .map((list) =>
    list.map((one, index) =>
      job(`job_${index}`, {
        dependsOn: one.dependsOn.map((other) => `job_${other}`),
        inputFiles: one.inputFiles.map(String),
        outputFiles: one.outputFiles.map(String),
        inputUserData: one.inputUserData.map(String),
        outputUserData: one.outputUserData.map(String),
      }),
    ),
  );

/** Jobs without cycles in any order: each reads and waits for what stands before it, then all are shuffled. */
export const acyclicJobs: fc.Arbitrary<GraphJob[]> = fc
  .array(fc.array(fc.tuple(fc.nat(), fc.constantFrom('job', 'file', 'data')), { maxLength: 4 }), {
    maxLength: 25,
  })
  .map((list) => list.map((edges, index) => backward(edges, index)))
  .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));

function backward(edges: readonly (readonly [number, string])[], index: number): GraphJob {
  const names = (kind: string) =>
    index === 0 ? [] : edges.filter(([, other]) => other === kind).map(([target]) => `job_${target % index}`);
  return job(`job_${index}`, {
    dependsOn: names('job'),
    inputFiles: names('file'),
    outputFiles: [`job_${index}`],
    inputUserData: names('data'),
    outputUserData: [`job_${index}`],
  });
}

/** For which others a job waits, by the definition. */
export function waitsFor(all: readonly GraphJob[], consumer: GraphJob): GraphJob[] {
  return all.filter(
    (other) =>
      consumer.dependsOn.includes(other.name) ||
      (other !== consumer &&
        (consumer.inputFiles.some((name) => other.outputFiles.includes(name)) ||
          consumer.inputUserData.some((name) => other.outputUserData.includes(name)))),
  );
}
