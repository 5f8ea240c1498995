import type { Test } from 'tap';
import { type Client, connect } from '../../lib/client/client.js';
import type { ServerContext } from '../../lib/server/handlers.js';
import type { ServerOptions } from '../../lib/server/options.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { TestServer } from '../server/server.js';
import { stablePort } from '../stable-port.js';

/** A server over a database in memory, on a port that stays free when it is closed, and a client of it. */
export interface RunningServer {
  server: TestServer;
  url: string;
  client: Client;
}

export async function runningServer(
  t: Test,
  change: Partial<ServerContext> = {},
  options: Partial<ServerOptions> = {},
): Promise<RunningServer> {
  const server = TestServer.open(t, change, options);
  const port = await stablePort();
  await server.app.listen({ host: '127.0.0.1', port });
  const url = `http://127.0.0.1:${port}${BASE_PATH}`;
  const client = connect(url);
  t.teardown(() => client.close());
  return { server, url, client };
}

/** Makes a workflow without asking the server for it. */
export function insertWorkflow({ context }: TestServer, name: string, user: string): void {
  context.db
    .prepare(
      `INSERT INTO workflow (name, user, timestamp, compute_node_expiration_buffer_seconds,
         compute_node_wait_for_new_jobs_seconds, compute_node_ignore_workflow_completion,
         compute_node_wait_for_healthy_database_minutes, compute_node_min_time_for_new_jobs_seconds, jobs_sort_method)
       VALUES (?, ?, '', 60, 90, 0, 20, 300, 'none')`,
    )
    .run(name, user);
}
