import type { Test } from 'tap';
import type { StreamedEvent } from '../../lib/wire/events.js';
import { addNode } from '../store/workflows/plain-workflow.js';
import { type Reply, TestServer } from './server.js';

type Body = Record<string, unknown>;

/** A server with workflow 1 and its compute node 1, asked briefly. */
export class Scene {
  readonly events: StreamedEvent[] = [];

  private constructor(readonly server: TestServer) {
    server.context.events.subscribe(1, (event) => this.events.push(event));
  }

  static async open(t: Test): Promise<Scene> {
    const scene = new Scene(TestServer.open(t, { now: () => 1_795_000_000_000 }));
    await scene.post('/workflows', { name: 'w', user: 'u' });
    addNode(scene.server.context.db, 1);
    return scene;
  }

  get = (path: string): Promise<Reply> => this.server.ask('GET', path);
  post = (path: string, body?: unknown): Promise<Reply> => this.server.ask('POST', path, body);
  put = (path: string, body?: unknown): Promise<Reply> => this.server.ask('PUT', path, body);
  remove = (path: string): Promise<Reply> => this.server.ask('DELETE', path);

  /** Creates a job. @returns its id */
  async job(name: string, more: Body = {}): Promise<number> {
    const { json } = await this.post('/jobs', { workflow_id: 1, name, command: `run ${name}`, ...more });
    return json.id as number;
  }

  initialize(query = ''): Promise<Reply> {
    return this.post(`/workflows/1/initialize_jobs${query}`);
  }

  /** `a:ready b:blocked` */
  async states(): Promise<string> {
    const { json } = await this.get('/jobs?workflow_id=1');
    return (json.items as Body[]).map(({ name, status }) => `${name}:${status}`).join(' ');
  }

  report(id: number, status: string, more: Body = {}): Promise<Reply> {
    return this.post(`/jobs/${id}/complete_job/${status}/0`, {
      ...{
        job_id: id,
        workflow_id: 1,
        run_id: 0,
        compute_node_id: 1,
        return_code: status === 'completed' ? 0 : 1,
      },
      ...{ exec_time_minutes: 0.5, completion_time: '2026-11-21T10:00:00.000Z', status },
      ...more,
    });
  }

  /** Puts a job into a state, past all rules. */
  force(id: number, status: string): void {
    this.server.context.db.prepare('UPDATE job SET status = ? WHERE id = ?').run(status, id);
  }

  /** Adds a row that another group of operations is for. @returns its id */
  insert(table: string, row: Body): number {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
    return Number(this.server.context.db.prepare(sql).run(...Object.values(row)).lastInsertRowid);
  }
}
