import type { WorkflowDatabase } from './database.js';
import { Refusal } from './refusal.js';

type Lines = (db: WorkflowDatabase, workflow: number) => string[];

/** Graphs of a workflow by their names: an edge leads from what is there first. */
const GRAPHS: Readonly<Record<string, Lines>> = {
  job_job_dependencies: (db, workflow) => [...nodes(db, workflow, 'job'), ...dependencies(db, workflow)],
  job_file_dependencies: (db, workflow) => withThings(db, workflow, 'file'),
  job_user_data_dependencies: (db, workflow) => withThings(db, workflow, 'user_data'),
};

/**
 * A graph of a workflow in Graphviz's language: jobs and their dependencies, or jobs and the files or user data that
 * they read and write.
 *
 * @throws Refusal for another name
 */
export function dotGraph(db: WorkflowDatabase, workflow: number, name: string): string {
  const graph = Object.hasOwn(GRAPHS, name) ? GRAPHS[name] : undefined;
  if (graph === undefined) {
    const message = `there is no graph ${name}; graphs are ${Object.keys(GRAPHS).join(', ')}`;
    throw new Refusal('missing', message, { field: 'name', value: name });
  }
  const lines = graph(db, workflow).map((line) => `  ${line};`);
  return [`digraph ${quote(name)} {`, ...lines, '}', ''].join('\n');
}

function withThings(db: WorkflowDatabase, workflow: number, kind: 'file' | 'user_data'): string[] {
  return [...nodes(db, workflow, 'job'), ...nodes(db, workflow, kind), ...uses(db, workflow, kind)];
}

/** Names of jobs may be given twice: nodes are named by ids, and labelled. */
function nodes(db: WorkflowDatabase, workflow: number, table: 'job' | 'file' | 'user_data'): string[] {
  const rows = db.prepare(`SELECT id, name FROM ${table} WHERE workflow_id = ? ORDER BY id`).all(workflow);
  const shape = table === 'job' ? '' : ', shape=box';
  return (rows as { id: number; name: string }[]).map(
    ({ id, name }) => `${table}_${id} [label=${quote(name)}${shape}]`,
  );
}

function dependencies(db: WorkflowDatabase, workflow: number): string[] {
  const rows = db
    .prepare(
      `SELECT depends_on_job_id AS first, job.id AS second FROM job CROSS JOIN job_depends_on ON job_id = job.id
       WHERE job.workflow_id = ? ORDER BY 2, 1`,
    )
    .all(workflow) as { first: number; second: number }[];
  return rows.map(({ first, second }) => `job_${first} -> job_${second}`);
}

function uses(db: WorkflowDatabase, workflow: number, kind: 'file' | 'user_data'): string[] {
  const of = (direction: 'input' | 'output') => {
    const sql = `SELECT job.id AS job, ${kind}_id AS thing FROM job CROSS JOIN job_${direction}_${kind} ON job_id = job.id
      WHERE job.workflow_id = ? ORDER BY 1, 2`;
    return db.prepare(sql).all(workflow) as { job: number; thing: number }[];
  };
  const read = of('input').map(({ job, thing }) => `${kind}_${thing} -> job_${job}`);
  return [...read, ...of('output').map(({ job, thing }) => `job_${job} -> ${kind}_${thing}`)];
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
