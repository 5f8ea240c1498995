import type { AddressInfo } from 'node:net';
import { buildServer } from '../../server/app.js';
import { EventHub } from '../../server/event-hub.js';
import { WorkflowDatabase } from '../../store/workflows/database.js';
import { BASE_PATH } from '../../wire/endpoint.js';
import { API_VERSION } from '../../wire/version.js';

/** A server inside this process, for as long as a command runs. */
export interface EmbeddedServer {
  /** With the base path. */
  url: string;
  stop: () => Promise<void>;
}

/** Serves a database on a free port of this machine alone. @throws AfterokError when the database cannot be used */
export async function startEmbeddedServer(path: string): Promise<EmbeddedServer> {
  const db = WorkflowDatabase.open(path);
  const app = buildServer({
    ...{ db, events: new EventHub(), now: Date.now, version: API_VERSION, enforceAccessControl: false },
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${BASE_PATH}`,
    stop: async () => {
      app.server.closeAllConnections();
      await app.close();
      db.close();
    },
  };
}
