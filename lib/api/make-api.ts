import { type Client, connect } from '../client/client.js';
import type { ConnectionOptions } from '../client/connection.js';

const DEFAULT_URL = 'http://localhost:8080/torc-service/v1';

/**
 * Connects to a server, as the commands do: what is left out comes from `TORC_API_URL`, `TORC_USERNAME` and
 * `TORC_PASSWORD`.
 *
 * @throws AfterokError for what is no address
 */
export function makeApi(
  url: string = process.env.TORC_API_URL ?? DEFAULT_URL,
  { user, password, ...options }: ConnectionOptions = {},
): Client {
  const { TORC_USERNAME, TORC_PASSWORD, USER } = process.env;
  return connect(url, {
    ...{ user: user ?? TORC_USERNAME ?? USER, password: password ?? TORC_PASSWORD },
    ...options,
  });
}
