import { resolve } from 'node:path';
import { AfterokError } from '../../errors.js';
import type { Settings } from '../config-files/settings.js';
import { parseLogLevel } from '../log-level.js';
import type { ParsedArguments } from '../parse.js';
import type { LogOptions } from './log/server-log.js';
import type { KeyAndCertificate } from './tls-files.js';

/** What a server is started with. */
export interface RunOptions {
  host: string;
  port: number;
  /** Files of the key and the certificate; null: HTTP. */
  tls: KeyAndCertificate | null;
  /** A file, or `:memory:`. */
  database: string;
  authFile: string | null;
  requireAuth: boolean;
  credentialCacheSeconds: number;
  enforceAccessControl: boolean;
  adminUsers: readonly string[];
  log: Omit<LogOptions, 'console'>;
  daemon: boolean;
  /** Null: no file. */
  pidFile: string | null;
}

const DEFAULT_PID_FILE = '/var/run/torc-server.pid';

/**
 * Options over variables over the configuration. Paths become absolute.
 *
 * @throws AfterokError for values that cannot be, alone or together
 */
export function runOptions(args: ParsedArguments, env: NodeJS.ProcessEnv, { server }: Settings): RunOptions {
  const text = (option: string, variable: string | null, setting: string | undefined) =>
    args.text(option) ?? (variable === null ? undefined : env[variable] || undefined) ?? setting ?? null;
  checkAccepted(args, env);
  const authFile = text('auth-file', 'TORC_AUTH_FILE', server.auth_file);
  const requireAuth = args.has('require-auth') || server.require_auth;
  if (requireAuth && authFile === null)
    throw new AfterokError(
      'bad-option',
      '--require-auth needs users',
      '--auth-file <file>; torc-htpasswd makes one',
    );
  const logFolder = text('log-dir', 'TORC_LOG_DIR', server.logging.log_dir);
  const daemon = args.has('daemon');
  const pidFile = args.text('pid-file') ?? (daemon ? DEFAULT_PID_FILE : null);
  return {
    host: args.text('host') ?? args.text('url') ?? server.url,
    port: portOf(args) ?? server.port,
    tls: tlsOf(args, server),
    database: databaseOf(text('database', null, server.database) ?? (env.DATABASE_URL || 'torc.db')),
    authFile: authFile === null ? null : resolve(authFile),
    requireAuth,
    credentialCacheSeconds:
      number(args, 'credential-cache-ttl-secs', env.TORC_CREDENTIAL_CACHE_TTL_SECS) ??
      server.credential_cache_ttl_secs,
    enforceAccessControl: args.has('enforce-access-control') || server.enforce_access_control,
    adminUsers: admins(args, env) ?? server.admin_users,
    log: {
      level: levelOf(args, env) ?? server.log_level,
      folder: logFolder === null ? null : resolve(logFolder),
      json: args.has('json-logs') || server.logging.json_logs,
    },
    daemon,
    pidFile: pidFile === null ? null : resolve(pidFile),
  };
}

/** What has no effect here is still checked: a typo in it is one. */
function checkAccepted(args: ParsedArguments, env: NodeJS.ProcessEnv): void {
  args.integer('threads', 1);
  const interval = number(args, 'completion-check-interval-secs', env.TORC_COMPLETION_CHECK_INTERVAL_SECS);
  if (interval === 0)
    throw new AfterokError('bad-option', '--completion-check-interval-secs 0: expected seconds above 0');
}

function portOf(args: ParsedArguments): number | null {
  const port = args.integer('port', 0);
  if (port !== null && port > 65_535)
    throw new AfterokError('bad-option', `--port ${port}: expected 0 to 65535`);
  return port;
}

function levelOf(args: ParsedArguments, env: NodeJS.ProcessEnv) {
  const option = args.text('log-level');
  if (option !== null) return parseLogLevel(option, '--log-level');
  return env.RUST_LOG ? parseLogLevel(env.RUST_LOG, 'RUST_LOG') : null;
}

/** A number of seconds from 0 on. */
function number(args: ParsedArguments, option: string, variable: string | undefined): number | null {
  const text = args.text(option) ?? (variable || null);
  if (text === null || /^\d{1,9}(\.\d+)?$/.test(text)) return text === null ? null : Number(text);
  throw new AfterokError('bad-option', `--${option} ${text}: expected a number of seconds`);
}

function admins(args: ParsedArguments, env: NodeJS.ProcessEnv): string[] | null {
  const given = args.has('admin-user') ? args.list('admin-user') : env.TORC_ADMIN_USERS || null;
  if (given === null) return null;
  const names = [given].flat().flatMap((word) => word.split(','));
  return names.map((name) => name.trim()).filter((name) => name !== '');
}

function tlsOf(args: ParsedArguments, server: Settings['server']): RunOptions['tls'] {
  const key = args.text('tls-key') ?? server.tls_key;
  const cert = args.text('tls-cert') ?? server.tls_cert;
  if (!(args.has('https') || args.has('tls-key') || args.has('tls-cert') || server.https)) return null;
  if (key !== undefined && cert !== undefined) return { key: resolve(key), cert: resolve(cert) };
  const missing = key === undefined ? '--tls-key' : '--tls-cert';
  throw new AfterokError('bad-option', `HTTPS needs a key and a certificate: ${missing} <file> is missing`);
}

/** The file of `sqlite:FILE`, `sqlite://FILE` or `FILE`; what follows `?` are settings of another library. */
export function databaseOf(text: string): string {
  const path = /^sqlite:/i.test(text) ? text.replace(/^sqlite:(\/\/)?/i, '').replace(/\?.*$/s, '') : text;
  if (/^[a-z][a-z0-9+]+:\/\//i.test(path))
    throw new AfterokError(
      'bad-option',
      `database ${JSON.stringify(text)}: expected a file or sqlite:<file>`,
    );
  if (path === '')
    throw new AfterokError('bad-option', `database ${JSON.stringify(text)}: the file is missing`);
  return path === ':memory:' ? path : resolve(path);
}
