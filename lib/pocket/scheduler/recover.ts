import type { Launch } from '../executor.js';
import type { PocketState } from '../state/state.js';

interface Run {
  raw_id: number;
  restarts: number;
  job: number;
  array_index: number | null;
  partition: string;
  nodes: string;
  cpus: number;
  memory: number;
  time_limit: number | null;
}

/** The runs that go on as far as the state knows: each has been launched, or is still to be. */
export function recover(state: PocketState): Launch[] {
  const runs = state.sql<Run>(
    `SELECT raw_id, restarts, job, array_index, partition, nodes, cpus, memory, time_limit FROM task
     WHERE state = 'RUNNING' ORDER BY raw_id`,
  );
  return runs.all().map((run) => {
    const nodes = run.nodes.split(',');
    return {
      run: { rawId: run.raw_id, restart: run.restarts },
      job: run.job,
      arrayIndex: run.array_index,
      partition: run.partition,
      nodes,
      cpus: run.cpus / nodes.length,
      memory: run.memory,
      timeLimit: run.time_limit ?? Number.POSITIVE_INFINITY,
    };
  });
}
