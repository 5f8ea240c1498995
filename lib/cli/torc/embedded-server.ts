import { listen } from '../../server/listen.js';
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
  const server = await listen({
    host: '127.0.0.1',
    port: 0,
    https: null,
    database: path,
    version: API_VERSION,
  });
  return { url: server.url + BASE_PATH, stop: () => server.close() };
}
