import { AfterokError, hasErrno } from '../errors.js';
import { setSystemAdmins } from '../store/workflows/access.js';
import { WorkflowDatabase } from '../store/workflows/database.js';
import { buildServer } from './app.js';
import { EventHub } from './event-hub.js';
import { DEFAULT_SERVER_OPTIONS, type ListenOptions, type ServerOptions } from './options.js';

/** A server that answers requests. */
export interface RunningServer {
  port: number;
  /** `http://127.0.0.1:8080`, without the base path. */
  url: string;
  /** Ends event streams, waits for requests that run, closes the database. May be called again. */
  close(): Promise<void>;
  /** Ends all connections at once. */
  cut(): void;
}

/**
 * Opens the database and listens.
 *
 * @throws AfterokError when the database or the password file cannot be used, or the port cannot be had
 */
export async function listen(
  where: ListenOptions,
  options: ServerOptions = DEFAULT_SERVER_OPTIONS,
): Promise<RunningServer> {
  const db = WorkflowDatabase.open(where.database);
  try {
    setSystemAdmins(db, options.adminUsers);
    return await serve(db, where, options);
  } catch (error) {
    db.close();
    throw error;
  }
}

async function serve(
  db: WorkflowDatabase,
  where: ListenOptions,
  options: ServerOptions,
): Promise<RunningServer> {
  const { host, port, https, version } = where;
  const { enforceAccessControl } = options;
  const context = { db, events: new EventHub(), now: Date.now, version, enforceAccessControl };
  const app = buildServer(context, options, https);
  app.addHook('onClose', async () => db.close());
  try {
    await app.listen({ host, port });
  } catch (error) {
    throw cannotListen(where, error);
  }
  const address = app.server.address();
  const actual = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: actual,
    url: `${https === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    close: () => app.close(),
    cut: () => app.server.closeAllConnections(),
  };
}

function cannotListen({ host, port }: ListenOptions, error: unknown): AfterokError {
  const options = { cause: error };
  if (hasErrno(error, 'EADDRINUSE')) {
    return new AfterokError(
      'server-unusable',
      `port ${port} of ${host} is in use`,
      '-p 0 takes a free one',
      options,
    );
  }
  const message = `cannot listen on ${host}, port ${port}: ${(error as Error).message}`;
  return new AfterokError('server-unusable', message, null, options);
}
