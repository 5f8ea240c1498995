import type { EdgeReason } from './edge-reason.js';

/** What makes a job wait; the same whether jobs come from a specification or from a database. */
export interface GraphJob {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly inputFiles: readonly string[];
  readonly outputFiles: readonly string[];
  readonly inputUserData: readonly string[];
  readonly outputUserData: readonly string[];
}

const DEPENDS_ON: EdgeReason = { kind: 'depends_on' };

const DATA = [
  { kind: 'file', inputs: 'inputFiles', outputs: 'outputFiles' },
  { kind: 'user_data', inputs: 'inputUserData', outputs: 'outputUserData' },
] as const;

/**
 * Where edges come from. Names that nothing bears, and files that no job writes, make no edge: whether they may be is
 * validation's to say. Of several jobs of one name, which validation refuses, the first is meant.
 */
export class EdgeSources {
  private readonly places = new Map<string, number>();
  private readonly producers: Map<string, number[]>[];

  constructor(private readonly jobs: readonly GraphJob[]) {
    for (const [place, { name }] of jobs.entries()) {
      if (!this.places.has(name)) this.places.set(name, place);
    }
    this.producers = DATA.map(({ outputs }) => producersByName(jobs, outputs));
  }

  /**
   * Calls `visit` for each reason for which this job waits; several times for a job that it waits for for several
   * reasons. A job that reads what it writes does not wait for itself, one that names itself does.
   */
  forEachInto(consumer: number, visit: (producer: number, reason: EdgeReason) => void): void {
    const job = this.jobs[consumer];
    if (job === undefined) return;
    for (const name of job.dependsOn) {
      const producer = this.places.get(name);
      if (producer !== undefined) visit(producer, DEPENDS_ON);
    }
    for (const [which, { kind, inputs }] of DATA.entries()) {
      for (const name of job[inputs]) {
        const reason = { kind, name };
        for (const producer of this.producers[which]?.get(name) ?? []) {
          if (producer !== consumer) visit(producer, reason);
        }
      }
    }
  }

  place(name: string): number | undefined {
    return this.places.get(name);
  }
}

function producersByName(jobs: readonly GraphJob[], outputs: 'outputFiles' | 'outputUserData') {
  const producers = new Map<string, number[]>();
  for (const [place, job] of jobs.entries()) {
    for (const name of job[outputs]) {
      const known = producers.get(name);
      if (known === undefined) producers.set(name, [place]);
      else known.push(place);
    }
  }
  return producers;
}
