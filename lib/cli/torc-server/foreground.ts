import { once } from 'node:events';
import type { Logger } from 'pino';
import { listen, type RunningServer } from '../../server/listen.js';
import { API_VERSION } from '../../wire/version.js';
import { announce } from './announce.js';
import { reportReady } from './daemon.js';
import { isLoopback } from './exposure.js';
import { openServerLog } from './log/server-log.js';
import { claimPidFile } from './pid-file.js';
import type { RunOptions } from './run-options.js';
import { readTls } from './tls-files.js';

/** Milliseconds that requests have to end in when the server is told to. */
const CLOSING_PATIENCE = 10_000;

/** Exit code of a process that a second signal ends, as a shell counts SIGINT. */
const IMPATIENT = 130;

/** @throws AfterokError when it cannot start */
export async function serveUntilTold(options: RunOptions): Promise<number> {
  const log = openServerLog({ ...options.log, console: !options.daemon });
  // Before anything is opened: a signal during the start ends it in order as well.
  const told = firstSignal();
  const release = options.pidFile === null ? () => {} : claimPidFile(options.pidFile);
  try {
    logUncaught(log.logger);
    const server = await start(options, log.logger);
    if (options.daemon) reportReady({ port: server.port });
    else announce(server.port);
    describe(options, server, log.logger);
    const signal = await told;
    log.logger.info(`${signal}: closing`);
    await close(server, log.logger);
    return 0;
  } finally {
    release();
    log.close();
    // Whatever is still open, such as a client that never reads its answer, must not keep the process.
    setTimeout(() => process.exit(), 1000).unref();
  }
}

function start(options: RunOptions, logger: Logger): Promise<RunningServer> {
  const { host, port, database, tls } = options;
  return listen(
    { host, port, database, https: tls === null ? null : readTls(tls), version: API_VERSION },
    {
      htpasswdFile: options.authFile,
      requireAuth: options.requireAuth,
      credentialCacheSeconds: options.credentialCacheSeconds,
      enforceAccessControl: options.enforceAccessControl,
      adminUsers: options.adminUsers,
      logger,
    },
  );
}

async function firstSignal(): Promise<NodeJS.Signals> {
  const stop = new AbortController();
  const signals = (['SIGTERM', 'SIGINT'] as const).map((signal) =>
    once(process, signal, { signal: stop.signal }).then(() => signal),
  );
  const signal = await Promise.race(signals);
  for (const impatient of ['SIGTERM', 'SIGINT'] as const)
    process.on(impatient, () => process.exit(IMPATIENT));
  stop.abort();
  await Promise.allSettled(signals);
  return signal;
}

function describe(options: RunOptions, server: RunningServer, logger: Logger): void {
  logger.info(`torc-server ${API_VERSION} listens on ${server.url}, database ${options.database}`);
  if (options.requireAuth) logger.info('Authentication is REQUIRED for all requests');
  if (options.enforceAccessControl && options.authFile === null)
    logger.warn(
      'Access control is enforced, but without --auth-file nobody can log in: nobody has access to any workflow',
    );
  if (!isLoopback(options.host) && !options.requireAuth)
    logger.warn(
      `Everybody who reaches ${options.host} can run commands as you: see --auth-file, --require-auth`,
    );
}

async function close(server: RunningServer, logger: Logger): Promise<void> {
  const late = setTimeout(() => {
    logger.warn('Requests have not ended: their connections are cut');
    server.cut();
  }, CLOSING_PATIENCE);
  await server.close();
  clearTimeout(late);
  logger.info('closed');
}

/** A defect of ours: the log is where somebody looks for it. */
function logUncaught(logger: Logger): void {
  process.on('uncaughtExceptionMonitor', (error) => logger.fatal(error, 'torc-server ends by a defect'));
}
