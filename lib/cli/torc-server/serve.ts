import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { AfterokError, hasErrno } from '../../errors.js';
import { buildServer } from '../../server/app.js';
import { EventHub } from '../../server/event-hub.js';
import { WorkflowDatabase } from '../../store/workflows/database.js';
import { API_VERSION } from '../../wire/version.js';
import type { RunOptions } from './run-options.js';

/** A server that answers requests. */
export interface RunningServer {
  port: number;
  url: string;
  /** Waits for requests that run; then closes the database. */
  close(): Promise<void>;
  /** Ends all connections at once. */
  cut(): void;
}

/** @throws AfterokError when a file cannot be used or the port cannot be had */
export async function serve(options: RunOptions, _logger: Logger): Promise<RunningServer> {
  if (options.tls !== null) readTls(options.tls);
  const db = WorkflowDatabase.open(options.database);
  const app = buildServer({
    db,
    events: new EventHub(),
    now: Date.now,
    version: API_VERSION,
    enforceAccessControl: options.enforceAccessControl,
  });
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (error) {
    db.close();
    throw cannotListen(options, error);
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    port,
    url: `${options.tls === null ? 'http' : 'https'}://${options.host}:${port}`,
    close: async () => {
      await app.close();
      db.close();
    },
    cut: () => app.server.closeAllConnections(),
  };
}

/** @throws AfterokError when they cannot be read, or do not belong together */
function readTls(files: { key: string; cert: string }): { key: string; cert: string } {
  const pem = { key: readPem(files.key), cert: readPem(files.cert) };
  try {
    createSecureContext(pem);
    return pem;
  } catch (error) {
    const reason = (error as Error).message;
    throw new AfterokError(
      'server-unusable',
      `key ${files.key} and certificate ${files.cert}: ${reason}`,
      null,
      { cause: error },
    );
  }
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AfterokError('server-unusable', `cannot read ${file}: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
}

function cannotListen({ host, port }: RunOptions, error: unknown): AfterokError {
  const options = { cause: error };
  if (hasErrno(error, 'EADDRINUSE'))
    return new AfterokError(
      'server-unusable',
      `port ${port} of ${host} is in use`,
      '-p 0 takes a free one',
      options,
    );
  const reason = (error as Error).message;
  return new AfterokError(
    'server-unusable',
    `cannot listen on ${host}, port ${port}: ${reason}`,
    null,
    options,
  );
}
