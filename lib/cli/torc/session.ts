import { type Client, connect } from '../../client/client.js';
import { AfterokError } from '../../errors.js';
import { renderTable, type TableColumn } from '../table.js';
import { terminal } from '../terminal.js';
import type { Program } from '../tree/command.js';
import { checkVersion } from './check-version.js';
import type { GlobalValues } from './globals.js';
import { type ClientSettings, clientSettings } from './settings.js';

/** What a command of `torc` works with: the server, and the person who reads. */
export class Session {
  readonly settings: ClientSettings;
  private readonly isJson: boolean;
  private opened: Promise<Client> | null = null;
  private readonly endings: (() => Promise<void>)[] = [];

  /** @throws AfterokError for settings that are no good */
  constructor(
    readonly globals: GlobalValues,
    /** The tree that the command is from. */
    readonly program: Program<Session>,
  ) {
    this.settings = clientSettings();
    const format = globals.format === 'json' ? 'json' : this.settings.format;
    if (format !== 'json' && format !== 'table') {
      throw new AfterokError('bad-option', `format ${format}: expected table or json`);
    }
    this.isJson = format === 'json';
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

  /** Work for the end of the command, the latest first. */
  atEnd(work: () => Promise<void>): void {
    this.endings.unshift(work);
  }

  /** Prints the result: as JSON, or the text that `render` makes for people. */
  show(json: unknown, render: () => string): void {
    process.stdout.write(this.isJson ? `${JSON.stringify(json, null, 2)}\n` : render());
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

  /** Says something beside the result, on stderr; never in the way of JSON. */
  note(text: string): void {
    const level = this.globals.logLevel;
    if (level !== 'error' && level !== 'warn') process.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    if (this.globals.logLevel !== 'error') process.stderr.write(`warning: ${text}\n`);
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

  private async open(): Promise<Client> {
    const url = this.globals.standalone ? await this.startOwnServer() : this.url;
    return await this.connectTo(url);
  }

  private async connectTo(url: string): Promise<Client> {
    const { promptPassword, skipVersionCheck } = this.globals;
    const password = promptPassword
      ? await terminal.askSecret('Password: ')
      : (this.globals.password ?? this.settings.password);
    const client = connect(url, { user: this.user, password });
    this.atEnd(async () => client.close());
    if (!skipVersionCheck) await checkVersion(client, (text) => this.warn(text));
    return client;
  }

  private async startOwnServer(): Promise<string> {
    const { startEmbeddedServer } = await import('./embedded-server.js');
    const path = this.globals.database ?? 'torc.db';
    const server = await startEmbeddedServer(path);
    this.atEnd(() => server.stop());
    this.note(`server of this command's own at ${server.url} over ${path}; the data stay for later commands`);
    return server.url;
  }
}
