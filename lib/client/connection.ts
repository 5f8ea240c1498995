import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { AfterokError } from '../errors.js';
import { refusalOf, ServerUnreachableError } from './client-errors.js';

export interface ConnectionOptions {
  /** Who asks; sent only together with a password. */
  user?: string | undefined;
  password?: string | undefined;
  /** Seconds that the server may be silent, 300 by default: a large bulk request takes its time. */
  timeout?: number | undefined;
}

export interface Exchange {
  method: string;
  /** Below the base address, with its query. */
  path: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

const DEFAULT_TIMEOUT = 300;

/** Requests to one server, over connections that are kept open between them. */
export class Connection {
  private readonly agent: HttpAgent;
  private readonly headers: Record<string, string>;
  private readonly timeout: number;

  /** @param url with the base path: `http://localhost:8080/torc-service/v1` @throws AfterokError for what is no address */
  constructor(
    readonly url: string,
    { user, password, timeout = DEFAULT_TIMEOUT }: ConnectionOptions = {},
  ) {
    this.url = withoutSlash(url);
    // An idle connection keeps nobody alive: the agent's sockets are unreferenced while they wait.
    this.agent = isHttps(this.url) ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
    this.headers = password === undefined ? {} : { authorization: basic(user ?? 'unknown', password) };
    this.timeout = timeout * 1000;
  }

  /**
   * @returns the answer's JSON
   * @throws ApiResponseError, ServerUnreachableError
   */
  async ask(exchange: Exchange): Promise<unknown> {
    const place = `${exchange.method} ${exchange.path}`;
    const response = await this.open(exchange);
    const text = await this.textOf(response);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw refusalOf(status, text, place);
    try {
      return text === '' ? null : JSON.parse(text);
    } catch {
      throw refusalOf(status, `${this.url} is no Torc server: its answer is no JSON`, place);
    }
  }

  /** Sends a request and returns the answer once its head is there, for who reads it as it comes. */
  async open({ method, path, body, signal }: Exchange): Promise<IncomingMessage> {
    const text = body === undefined ? null : JSON.stringify(body);
    const lengths = text === null ? {} : { 'content-length': String(Buffer.byteLength(text)) };
    const send = isHttps(this.url) ? requestHttps : requestHttp;
    return await new Promise((resolve, reject) => {
      const request = send(this.url + path, {
        ...{ method, agent: this.agent, timeout: this.timeout },
        headers: {
          ...{ accept: 'application/json', ...this.headers },
          ...(text === null ? {} : { 'content-type': 'application/json', ...lengths }),
        },
        ...(signal === undefined ? {} : { signal }),
      });
      request.on('timeout', () => request.destroy(new Error(`silent for ${this.timeout / 1000} s`)));
      request.on('error', (error: Error) => reject(this.unreachable(error)));
      request.on('response', resolve);
      request.end(text ?? undefined);
    });
  }

  /** The whole of an answer. */
  async textOf(response: IncomingMessage): Promise<string> {
    try {
      response.setEncoding('utf8');
      let text = '';
      for await (const part of response) text += part;
      return text;
    } catch (error) {
      throw this.unreachable(error as Error);
    }
  }

  /** Ends what is open. */
  close(): void {
    this.agent.destroy();
  }

  private unreachable(error: Error): Error {
    return error.name === 'AbortError' ? error : new ServerUnreachableError(this.url, error);
  }
}

function isHttps(url: string): boolean {
  return url.startsWith('https:');
}

function withoutSlash(url: string): string {
  if (URL.canParse(url) && /^https?:/.test(url)) return url.replace(/\/+$/, '');
  throw new AfterokError(
    'bad-option',
    `${url} is no address of a server: expected http://HOST:PORT/torc-service/v1`,
  );
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
