import type { JobsSortMethod } from '../../wire/workflows.js';
import type { WorkflowDatabase } from './database.js';

/** What a job needs, as numbers. */
export interface Requirements {
  num_cpus: number;
  memory_bytes: number;
  num_gpus: number;
  num_nodes: number;
  runtime_s: number;
}

/** Ready jobs that need the same and are for the same scheduler, in the order of their ids. */
interface Lane {
  requirements: number;
  scheduler: number | null;
  needs: Requirements;
}

interface QueuedJob {
  id: number;
  needs: Requirements;
}

/** By what jobs are sorted, the largest first. */
const ORDER = {
  gpus_runtime_memory: ['num_gpus', 'runtime_s', 'memory_bytes'],
  gpus_memory_runtime: ['num_gpus', 'memory_bytes', 'runtime_s'],
  none: [],
} as const satisfies Record<JobsSortMethod, readonly (keyof Requirements)[]>;

/** How many jobs of a lane are looked at at once. */
const LOOK_AHEAD = 64;

/**
 * The ready jobs of a workflow in the order in which they are claimed. Jobs are few kinds and many: kinds are sorted,
 * and of each the index has the next jobs at hand, so that a claim costs the same however many jobs wait.
 */
export class ReadyQueue {
  /** @param schedulers for which jobs may be; null: for none in particular */
  constructor(
    private readonly db: WorkflowDatabase,
    private readonly workflow: number,
    private readonly schedulers: readonly (number | null)[],
  ) {}

  /**
   * @param fits whether such a job can be taken now: once it says no to a kind, that kind is left out
   * @param wanted how many jobs at most are still taken
   */
  *jobs(
    method: JobsSortMethod,
    fits: (needs: Requirements) => boolean,
    wanted: () => number,
  ): Generator<QueuedJob> {
    for (const lanes of this.lanesInOrder(method, fits)) {
      const heads = lanes.map((lane) => new LaneReader(this.db, this.workflow, lane, wanted));
      for (let next = lowest(heads, fits); next !== null; next = lowest(heads, fits)) {
        if (wanted() <= 0) return;
        yield next.take();
      }
    }
  }

  /** Lanes that come equally early are one group: among them, ids decide. */
  private lanesInOrder(method: JobsSortMethod, fits: (needs: Requirements) => boolean): Lane[][] {
    const keyOf = ({ needs }: Lane) => ORDER[method].map((column) => needs[column]);
    const groups = new Map<string, Lane[]>();
    for (const lane of this.lanes().filter(({ needs }) => fits(needs))) {
      const key = keyOf(lane).join(' ');
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [lane]);
      else group.push(lane);
    }
    return [...groups.values()].sort(([a], [b]) => compare(keyOf(b as Lane), keyOf(a as Lane)));
  }

  /** Goes from one kind to the next through the index, not through the jobs. */
  private lanes(): Lane[] {
    const rows = this.db
      .prepare(
        `WITH RECURSIVE kind (id) AS (
           SELECT min(resource_requirements_id) FROM job WHERE workflow_id = @workflow AND status = 'ready'
           UNION ALL
           SELECT (SELECT min(resource_requirements_id) FROM job
                   WHERE workflow_id = @workflow AND status = 'ready' AND resource_requirements_id > kind.id)
           FROM kind WHERE kind.id IS NOT NULL)
         SELECT id AS requirements, num_cpus, memory_bytes, num_gpus, num_nodes, runtime_s
         FROM kind CROSS JOIN resource_requirements USING (id)`,
      )
      .all({ workflow: this.workflow }) as ({ requirements: number } & Requirements)[];
    return rows.flatMap(({ requirements, ...needs }) =>
      this.schedulers.map((scheduler) => ({ requirements, scheduler, needs })),
    );
  }
}

/** Reads a lane a few jobs at a time. */
class LaneReader {
  private ids: number[] = [];
  private last = 0;
  private isRead = false;

  constructor(
    private readonly db: WorkflowDatabase,
    private readonly workflow: number,
    private readonly lane: Lane,
    private readonly wanted: () => number,
  ) {}

  get needs(): Requirements {
    return this.lane.needs;
  }

  /** The next job's id, undefined at the end. */
  get head(): number | undefined {
    if (this.ids.length === 0 && !this.isRead) this.read();
    return this.ids.at(-1);
  }

  take(): QueuedJob {
    const id = this.ids.pop();
    if (id === undefined) throw new Error('a lane without jobs was taken from');
    return { id, needs: this.lane.needs };
  }

  private read(): void {
    const { requirements, scheduler } = this.lane;
    const size = Math.min(LOOK_AHEAD, this.wanted());
    const rows = this.db
      .prepare(
        `SELECT id FROM job WHERE workflow_id = ? AND status = 'ready' AND resource_requirements_id = ?
           AND scheduler_id IS ? AND id > ? ORDER BY id LIMIT ?`,
      )
      .all(this.workflow, requirements, scheduler, this.last, size) as { id: number }[];
    this.ids = rows.map(({ id }) => id).reverse();
    this.isRead = rows.length < size;
    this.last = this.ids[0] ?? this.last;
  }
}

/** The lane whose next job comes first; lanes that are at their end or do not fit any more are dropped. */
function lowest(heads: LaneReader[], fits: (needs: Requirements) => boolean): LaneReader | null {
  let first: LaneReader | null = null;
  for (let place = heads.length - 1; place >= 0; place -= 1) {
    const reader = heads[place] as LaneReader;
    const head = fits(reader.needs) ? reader.head : undefined;
    if (head === undefined) heads.splice(place, 1);
    else if (first === null || head < (first.head as number)) first = reader;
  }
  return first;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [place, value] of a.entries()) {
    const difference = value - (b[place] as number);
    if (difference !== 0) return difference;
  }
  return 0;
}
