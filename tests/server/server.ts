import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { buildServer } from '../../lib/server/app.js';
import { EventHub } from '../../lib/server/event-hub.js';
import type { ServerContext } from '../../lib/server/handlers.js';
import { DEFAULT_SERVER_OPTIONS, type ServerOptions } from '../../lib/server/options.js';
import { WorkflowDatabase } from '../../lib/store/workflows/database.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';

/** A server over a database in memory, asked without a port. */
export class TestServer {
  private constructor(
    readonly app: FastifyInstance,
    readonly context: ServerContext,
  ) {}

  static open(
    t: Test,
    change: Partial<ServerContext> = {},
    options: Partial<ServerOptions> = {},
  ): TestServer {
    const db = WorkflowDatabase.open(':memory:');
    const context: ServerContext = {
      ...{ db, events: new EventHub(), now: Date.now, version: '0.10.0', enforceAccessControl: false },
      ...change,
    };
    const app = buildServer(context, { ...DEFAULT_SERVER_OPTIONS, ...options });
    t.teardown(async () => {
      await app.close();
      db.close();
    });
    return new TestServer(app, context);
  }

  /** @param path below the base path */
  async ask(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'PATCH' | 'OPTIONS',
    path: string,
    body?: unknown,
    sent: Record<string, string> = {},
  ): Promise<Reply> {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const response = await this.app.inject({
      method,
      url: BASE_PATH + path,
      headers: { accept: 'application/json', ...sent },
      ...payload,
    });
    const { statusCode: status, headers, body: text } = response;
    return { status, headers, text, json: parsed(text) };
  }
}

export interface Reply {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  json: Record<string, unknown>;
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** A header with which somebody says who he is. */
export function basic(user: string, password = 'secret'): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
