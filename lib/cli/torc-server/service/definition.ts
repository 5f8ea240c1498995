import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { ParsedArguments } from '../../parse.js';
import { databaseOf } from '../run-options.js';

/** A service of the machine, or of one person. */
export type Scope = 'system' | 'user';

/** What the service manager of a system is told to run. */
export interface ServiceDefinition {
  scope: Scope;
  /** The program and its arguments, all paths absolute. */
  argv: readonly string[];
  workingFolder: string;
  logFolder: string;
  home: string;
}

/** Where things are when nobody says otherwise. */
const PLACES: Readonly<Record<Scope, (home: string) => { logs: string; database: string }>> = {
  system: () => ({ logs: '/var/log/torc', database: '/var/lib/torc/torc.db' }),
  user: (home) => ({ logs: join(home, '.torc/logs'), database: join(home, '.torc/torc.db') }),
};

/** Options of `run` that go into the service as they are. */
const TEXT_OPTIONS = [
  'port',
  'threads',
  'credential-cache-ttl-secs',
  'completion-check-interval-secs',
  'log-level',
] as const;
const FILE_OPTIONS = ['auth-file', 'tls-key', 'tls-cert'] as const;
const SWITCHES = ['https', 'require-auth', 'enforce-access-control', 'json-logs'] as const;

/**
 * @param program how torc-server is started, such as node and the file of the program
 * @throws AfterokError for a database that is no file
 */
export function serviceDefinition(
  args: ParsedArguments,
  program: readonly string[],
  env: NodeJS.ProcessEnv,
): ServiceDefinition {
  const scope: Scope = args.has('user') ? 'user' : 'system';
  const home = env.HOME || homedir();
  const places = PLACES[scope](home);
  const logFolder = resolve(args.text('log-dir') ?? places.logs);
  const database = databaseOf(args.text('database') ?? places.database);
  const host = args.text('host') ?? args.text('url');
  const option = (name: string, value: string | null) => (value === null ? [] : [`--${name}`, value]);
  const argv = [
    ...program,
    'run',
    ...option('log-dir', logFolder),
    ...option('database', database),
    ...option('url', host),
    ...TEXT_OPTIONS.flatMap((name) => option(name, args.text(name))),
    ...FILE_OPTIONS.flatMap((name) => option(name, absolute(args.text(name)))),
    ...SWITCHES.flatMap((name) => (args.has(name) ? [`--${name}`] : [])),
    ...args.list('admin-user').flatMap((user) => option('admin-user', user)),
  ];
  return { scope, argv, workingFolder: dirname(database), logFolder, home };
}

function absolute(path: string | null): string | null {
  return path === null ? null : resolve(path);
}
