import type { WorkflowDatabase } from './database.js';
import { Refusal } from './refusal.js';

/** Names of a circle that a message holds. */
const MAX_NAMES = 20;

/**
 * Jobs that wait for each other would wait for ever.
 *
 * @throws Refusal that names the jobs of one circle
 */
export function refuseCycles(db: WorkflowDatabase, workflow: number): void {
  if (!hasForwardDependency(db, workflow)) return;
  const cycle = findCycle(readDependencies(db, workflow));
  if (cycle === null) return;
  const names = cycle.slice(0, MAX_NAMES).map((id) => nameOf(db, id));
  const path = [...names, cycle.length > MAX_NAMES ? '…' : names[0]].join(' → ');
  throw new Refusal('invalid', `jobs depend on each other in a circle: ${path}`, {
    field: 'depends_on_job_ids',
    value: cycle.slice(0, MAX_NAMES),
  });
}

/** Without a job that depends on one created after it there is no circle, and that is soon found out. */
function hasForwardDependency(db: WorkflowDatabase, workflow: number): boolean {
  const sql = `SELECT 1 FROM job CROSS JOIN job_depends_on ON job_id = job.id AND depends_on_job_id > job.id
    WHERE job.workflow_id = ? LIMIT 1`;
  return db.prepare(sql).get(workflow) !== undefined;
}

type Dependencies = Map<number, readonly number[]>;

function readDependencies(db: WorkflowDatabase, workflow: number): Dependencies {
  const rows = db
    .prepare(
      `SELECT job.id, json_group_array(depends_on_job_id) AS upstream
       FROM job CROSS JOIN job_depends_on ON job_id = job.id WHERE job.workflow_id = ? GROUP BY job.id`,
    )
    .all(workflow) as { id: number; upstream: string }[];
  return new Map(rows.map(({ id, upstream }) => [id, JSON.parse(upstream) as number[]]));
}

/** Takes away what depends on nothing that is left, until only circles and what is behind them remain. */
function findCycle(dependencies: Dependencies): number[] | null {
  const dependents = new Map<number, number[]>();
  const open = new Map<number, number>();
  for (const [id, upstream] of dependencies) {
    open.set(id, upstream.length);
    for (const other of upstream) {
      const known = dependents.get(other);
      if (known === undefined) dependents.set(other, [id]);
      else known.push(id);
    }
  }
  const free = [...dependents.keys()].filter((id) => !open.has(id));
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    for (const dependent of dependents.get(id) ?? []) {
      const left = (open.get(dependent) ?? 0) - 1;
      if (left > 0) open.set(dependent, left);
      else if (open.delete(dependent)) free.push(dependent);
    }
  }
  return walkCycle(dependencies, open);
}

/** Every job that is left depends on another that is left: going on like this comes round. */
function walkCycle(dependencies: Dependencies, left: ReadonlyMap<number, number>): number[] | null {
  const [start] = left.keys();
  if (start === undefined) return null;
  const path: number[] = [];
  const places = new Map<number, number>();
  let id = start;
  while (!places.has(id)) {
    places.set(id, path.length);
    path.push(id);
    id = (dependencies.get(id) ?? []).find((other) => left.has(other)) as number;
  }
  return path.slice(places.get(id));
}

function nameOf(db: WorkflowDatabase, id: number): string {
  return (db.prepare('SELECT name FROM job WHERE id = ?').get(id) as { name: string }).name;
}
