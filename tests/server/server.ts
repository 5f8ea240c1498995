import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { buildServer } from '../../lib/server/app.js';
import { EventHub } from '../../lib/server/event-hub.js';
import type { ServerContext } from '../../lib/server/handlers.js';
import { WorkflowDatabase } from '../../lib/store/workflows/database.js';
import { BASE_PATH } from '../../lib/wire/endpoint.js';

/** A server over a database in memory, asked without a port. */
export class TestServer {
  private constructor(
    readonly app: FastifyInstance,
    readonly context: ServerContext,
  ) {}

  static open(t: Test, change: Partial<ServerContext> = {}): TestServer {
    const db = WorkflowDatabase.open(':memory:');
    const context: ServerContext = {
      ...{ db, events: new EventHub(), now: Date.now, version: '0.10.0', enforceAccessControl: false },
      ...change,
    };
    const app = buildServer(context);
    t.teardown(async () => {
      await app.close();
      db.close();
    });
    return new TestServer(app, context);
  }

  /** @param path below the base path */
  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<Reply> {
    const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
    const response = await this.app.inject({ method, url: BASE_PATH + path, ...payload });
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
