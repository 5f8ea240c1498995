import { setTimeout as sleepFor } from 'node:timers/promises';
import { API } from '../wire/api.js';
import { type Client, clientOver, sender } from './client.js';
import { ServerUnreachableError } from './client-errors.js';

/** How long a server may be away before its client gives up. */
export interface Patience {
  /** Minutes from the first failure on. */
  minutes: number;
  /** Seconds between two pings, 30 by default. */
  interval?: number;
  /** Waits so many seconds; a test has none. */
  sleep?: (seconds: number) => Promise<void>;
  /** Told once when the server is gone, and once when it is back. */
  onAway?: (error: ServerUnreachableError) => void;
  onBack?: () => void;
}

const INTERVAL = 30;

/**
 * The same client, but a request that finds no server waits until one answers pings, and is sent again. A request
 * whose answer was lost may thus be carried out twice: who must not complete a job twice has to take the refusal of
 * the second time for what it is.
 */
export function patient(client: Client, patience: Patience): Client {
  const { connection } = client;
  const send = sender(connection);
  const ping = () => send(API.system.ping, {});
  return clientOver(connection, async (endpoint, request) => {
    for (;;) {
      try {
        return await send(endpoint, request);
      } catch (error) {
        if (!(error instanceof ServerUnreachableError)) throw error;
        await untilBack(ping, error, patience);
      }
    }
  });
}

/** @throws the error that it all began with, when the server stays away */
async function untilBack(
  ping: () => Promise<unknown>,
  error: ServerUnreachableError,
  { minutes, interval = INTERVAL, sleep = (seconds) => sleepFor(seconds * 1000), onAway, onBack }: Patience,
): Promise<void> {
  onAway?.(error);
  for (let waited = 0; waited < minutes * 60; waited += interval) {
    await sleep(interval);
    if (await answers(ping)) return onBack?.();
  }
  throw error;
}

async function answers(ping: () => Promise<unknown>): Promise<boolean> {
  try {
    await ping();
    return true;
  } catch (error) {
    if (error instanceof ServerUnreachableError) return false;
    // It answers, if only that we may not.
    return true;
  }
}
