import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomic } from '../../../atomic-file.js';
import { AfterokError, hasErrno } from '../../../errors.js';
import { makeFolder } from '../../../make-folder.js';
import { nearest } from '../../../nearest.js';
import { PACKAGE_ROOT } from '../../../package-root.js';
import { loadConfiguration } from '../../config-files/load.js';
import { configPlaces } from '../../config-files/places.js';
import type { ParsedArguments } from '../../parse.js';
import { runOptions } from '../run-options.js';
import { type ServiceDefinition, serviceDefinition } from './definition.js';
import type { ServiceManager } from './manager.js';
import { serviceManager } from './platform.js';

const VERBS = ['install', 'uninstall', 'start', 'stop', 'status'] as const;
type Verb = (typeof VERBS)[number];

/** How the service is started: by absolute paths, since service managers have a PATH of their own. */
const PROGRAM = [process.execPath, `${PACKAGE_ROOT}dist/bin/torc-server.js`];

/**
 * torc-server service VERB: writes the file of the service and asks the service manager.
 *
 * @throws AfterokError when the manager refuses, or a file cannot be written
 */
export function serviceCommand(
  words: readonly string[],
  args: ParsedArguments,
  env: NodeJS.ProcessEnv,
): number {
  const verb = verbOf(words);
  for (const option of ['daemon', 'pid-file'])
    if (args.has(option)) throw new AfterokError('bad-option', `--${option}: a service needs none`);
  const definition = serviceDefinition(args, PROGRAM, env);
  const manager = serviceManager(process.platform, definition, env);
  if (manager === null)
    throw new AfterokError(
      'service-failed',
      `there are no services on ${process.platform}`,
      'torc-server run',
    );
  // A service that cannot start with its options is better refused now.
  if (verb === 'install') {
    const { settings } = loadConfiguration(configPlaces(env, process.cwd()), env);
    runOptions(args, env, settings);
  }
  if (args.has('dry-run')) {
    process.stdout.write(preview(verb, manager));
    return 0;
  }
  return perform(verb, manager, definition);
}

function verbOf(words: readonly string[]): Verb {
  const [word = '', ...more] = words;
  const verb = VERBS.find((known) => known === word);
  if (verb === undefined) {
    const meant = word === '' ? '' : ` ${word}; did you mean ${nearest(word, VERBS)}?`;
    throw new AfterokError('bad-option', `service${meant} expected one of ${VERBS.join(', ')}`);
  }
  if (more.length > 0) throw new AfterokError('bad-option', `service ${verb}: unexpected ${more.join(' ')}`);
  return verb;
}

/** What would be done: a shell could do it. */
function preview(verb: Verb, manager: ServiceManager): string {
  const shell = (commands: readonly (readonly string[])[]) =>
    commands.map((argv) => `# ${argv.join(' ')}\n`).join('');
  switch (verb) {
    case 'install':
      return `# ${manager.file}\n${manager.text}${shell(manager.installed)}`;
    case 'uninstall':
      return `${shell(manager.uninstalling)}# rm ${manager.file}\n${shell(manager.uninstalled)}`;
    default:
      return shell([manager.verbs[verb]]);
  }
}

function perform(verb: Verb, manager: ServiceManager, definition: ServiceDefinition): number {
  switch (verb) {
    case 'install':
      install(manager, definition);
      return 0;
    case 'uninstall':
      uninstall(manager);
      return 0;
    case 'status':
      // It says itself what is wrong; a service that does not run is no success.
      return ask(manager.verbs.status) === 0 ? 0 : 1;
    default:
      must(manager.verbs[verb]);
      console.log(verb === 'start' ? 'Started torc-server' : 'Stopped torc-server');
      return 0;
  }
}

function install(
  manager: ServiceManager,
  { scope, workingFolder, logFolder, argv }: ServiceDefinition,
): void {
  try {
    for (const folder of [workingFolder, logFolder, dirname(manager.file)]) makeFolder(folder);
    writeFileAtomic(manager.file, manager.text);
  } catch (error) {
    const hint = scope === 'system' && hasErrno(error, 'EACCES', 'EPERM') ? 'with sudo, or --user' : null;
    throw new AfterokError('service-failed', `cannot install: ${(error as Error).message}`, hint, {
      cause: error,
    });
  }
  for (const command of manager.installed) must(command);
  console.log(`Installed ${manager.file}`);
  console.log(`Logs in ${logFolder}, database in ${workingFolder}`);
  const flag = scope === 'user' ? ' --user' : '';
  if (!argv.includes('--url')) console.log('It listens on localhost alone; --url 0.0.0.0 for other machines');
  console.log(`Start it: torc-server service start${flag}`);
}

function uninstall(manager: ServiceManager): void {
  if (!existsSync(manager.file))
    throw new AfterokError('service-failed', `there is no ${manager.file}: nothing is installed`);
  for (const command of manager.uninstalling) ask(command);
  try {
    rmSync(manager.file, { force: true });
  } catch (error) {
    throw new AfterokError('service-failed', `cannot uninstall: ${(error as Error).message}`, null, {
      cause: error,
    });
  }
  for (const command of manager.uninstalled) must(command);
  console.log(`Removed ${manager.file}; database and logs stay`);
}

function must(argv: readonly string[]): void {
  const code = ask(argv);
  if (code !== 0) throw new AfterokError('service-failed', `${argv.join(' ')} ended with exit code ${code}`);
}

/** Runs a program of the service manager, whose messages go where ours go. */
function ask(argv: readonly string[]): number {
  const [program = '', ...words] = argv;
  const { error, status } = spawnSync(program, words, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error === undefined) return status ?? 1;
  const missing = hasErrno(error, 'ENOENT');
  const reason = missing ? `${program} is not on PATH` : error.message;
  throw new AfterokError('service-failed', reason, missing ? 'torc-server run --daemon' : null, {
    cause: error,
  });
}
