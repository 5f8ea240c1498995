import { existsSync } from 'node:fs';
import { type Client, connect } from '../../client/client.js';
import { ServerUnreachableError } from '../../client/client-errors.js';
import { AfterokError } from '../../errors.js';
import { LOG_LEVELS, type LogLevel } from '../config-files/settings.js';
import { renderTable, type TableColumn } from '../table.js';
import { terminal } from '../terminal.js';
import { checkVersion } from './check-version.js';
import type { GlobalValues } from './globals.js';
import { type ClientSettings, clientSettings } from './settings.js';

/** What a command of `torc` works with: the server, and the person who reads. */
export class Session {
  private configured: ClientSettings | null = null;
  private opened: Promise<Client> | null = null;
  private readonly endings: (() => Promise<void>)[] = [];
  /** What other programs need in their environment to be the same person to the server; nothing without a password. */
  credentials: Readonly<Record<string, string>> = {};

  constructor(readonly globals: GlobalValues) {}

  /**
   * Read at first use: commands that repair a configuration need none.
   *
   * @throws AfterokError for settings that are no good
   */
  get settings(): ClientSettings {
    this.configured ??= clientSettings();
    return this.configured;
  }

  /** Whether the result is for a program. */
  get isJson(): boolean {
    return (this.globals.format ?? this.settings.format) === 'json';
  }

  /** Whose workflows these are. */
  get user(): string {
    return this.globals.username ?? this.settings.username;
  }

  /** The server's address, whether it is there or not. */
  get url(): string {
    return this.globals.url ?? this.settings.apiUrl;
  }

  /** The client, connected and its version compared at first use. @throws AfterokError */
  client(): Promise<Client> {
    this.opened ??= this.open();
    return this.opened;
  }

  /**
   * Has the client use a server of this command's own, when nobody has named one and there is none at the default
   * address. Without being asked for that, it does so only where such a command has left its database.
   */
  async useOwnServerIfAlone(): Promise<void> {
    if (this.opened !== null || this.globals.standalone || !(await this.isAlone())) return;
    this.opened = this.startOwnServer().then((url) => this.connectTo(url));
  }

  /** Work for the end of the command, the latest first. */
  atEnd(work: () => Promise<void>): void {
    this.endings.unshift(work);
  }

  /** Prints the result: as JSON, or the text that `render` makes for people. */
  show(json: unknown, render: () => string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(json, null, 2)}\n` : render());
  }

  /** The same for what scripts read: without a terminal it is JSON, unless a table was asked for. */
  showToScripts(json: unknown, render: () => string): void {
    if (process.stdout.isTTY || this.globals.format === 'table') this.show(json, render);
    else process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  /** Prints a list: under `key` in JSON, as a table with a heading for people. */
  showList<T>(
    key: string,
    items: readonly T[],
    { title, empty, columns }: { title: string; empty: string; columns: readonly TableColumn<T>[] },
  ): void {
    this.show({ [key]: items }, () => {
      if (items.length === 0) return `${empty}\n`;
      return `${title}:\n${renderTable(columns, items)}\nTotal: ${items.length}\n`;
    });
  }

  /** Prints a line of news, where the result is not JSON. */
  say(text: string): void {
    if (!this.isJson) process.stdout.write(`${text}\n`);
  }

  /** Says something beside the result, on stderr; never in the way of JSON. */
  note(text: string): void {
    if (this.tells('info')) process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    if (this.tells('warn')) process.stderr.write(`warning: ${text}\n`);
  }

  private tells(level: LogLevel): boolean {
    const wanted = this.globals.logLevel ?? this.settings.logLevel;
    return LOG_LEVELS.indexOf(level) <= LOG_LEVELS.indexOf(wanted);
  }

  /** Says why the command fails, where its result is printed all the same. */
  fail(text: string): void {
    process.stderr.write(`torc: error: ${text}\n`);
  }

  /** Whether the person says yes. @param skip the option that says so in advance @throws AfterokError when nobody can be asked */
  async confirm(question: string, skip: string): Promise<boolean> {
    if (!terminal.isThere) {
      throw new AfterokError('declined', `${question} Nobody is there to answer`, `say yes with ${skip}`);
    }
    return await terminal.confirms(question);
  }

  async close(): Promise<void> {
    for (const end of this.endings) await end();
  }

  private get isUrlChosen(): boolean {
    return this.globals.url !== undefined || this.settings.isApiUrlChosen;
  }

  private async open(): Promise<Client> {
    const isOwn = this.globals.standalone || (existsSync(this.ownDatabase) && (await this.isAlone()));
    return await this.connectTo(isOwn ? await this.startOwnServer() : this.url);
  }

  /** Of a server of this command's own. */
  private get ownDatabase(): string {
    return this.globals.database ?? DATABASE;
  }

  /** Nobody has named a server, and there is none at the default address. */
  private async isAlone(): Promise<boolean> {
    return !this.isUrlChosen && !(await isReachable(this.url));
  }

  private async connectTo(url: string): Promise<Client> {
    const password = await this.password();
    const client = connect(url, { user: this.user, password });
    if (password !== undefined) this.credentials = { TORC_USERNAME: this.user, TORC_PASSWORD: password };
    this.atEnd(async () => client.close());
    if (!this.globals.skipVersionCheck) await checkVersion(client, (text) => this.warn(text));
    return client;
  }

  /** Whoever says his name has a password, and is asked for it where somebody can answer. */
  private async password(): Promise<string | undefined> {
    const { promptPassword, username, password = this.settings.password } = this.globals;
    if (promptPassword) return await terminal.askSecret('Password: ');
    const isNamed = username !== undefined || this.settings.isUsernameChosen;
    if (password !== undefined || !isNamed || !terminal.isThere) return password;
    return await terminal.askSecret('Password: ');
  }

  private async startOwnServer(): Promise<string> {
    const { startEmbeddedServer } = await import('./embedded-server.js');
    const path = this.ownDatabase;
    const server = await startEmbeddedServer(path);
    this.atEnd(() => server.stop());
    this.note(`server of this command's own at ${server.url}, database ${path}`);
    return server.url;
  }
}

/** Left by `torc run` in the folder in which it ran. */
const DATABASE = 'torc.db';

/** Seconds. */
const PATIENCE = 2;

async function isReachable(url: string): Promise<boolean> {
  const client = connect(url, { timeout: PATIENCE });
  try {
    await client.system.ping();
    return true;
  } catch (error) {
    // One that refuses is one.
    return !(error instanceof ServerUnreachableError);
  } finally {
    client.close();
  }
}
