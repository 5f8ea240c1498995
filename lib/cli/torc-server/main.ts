import { AfterokError } from '../../errors.js';
import { nearest } from '../../nearest.js';
import { API_VERSION } from '../../wire/version.js';
import { configPlaces } from '../config-files/places.js';
import { renderHelp } from '../help.js';
import { type ParsedArguments, parseArguments } from '../parse.js';
import { TORC_SERVER } from './spec.js';

const COMMANDS = ['run', 'service'];

/** torc-server: runs a server, or manages the service that does. */
export async function torcServer(argv: string[]): Promise<number> {
  const args = parseArguments(TORC_SERVER, argv);
  if (args.has('version')) {
    console.log(`torc-server ${API_VERSION}`);
    return 0;
  }
  if (args.has('help')) {
    process.stdout.write(renderHelp(TORC_SERVER));
    return 0;
  }
  const [word = 'run', ...rest] = args.positionals;
  switch (word) {
    case 'run':
      return await run(args, rest, argv);
    case 'service': {
      const { serviceCommand } = await import('./service/command.js');
      return serviceCommand(rest, args, process.env);
    }
    default:
      throw new AfterokError(
        'bad-option',
        `unknown command ${word}; did you mean ${nearest(word, COMMANDS)}?`,
        'torc-server --help',
      );
  }
}

async function run(args: ParsedArguments, rest: readonly string[], argv: string[]): Promise<number> {
  if (rest.length > 0) throw new AfterokError('bad-option', `run: unexpected ${rest.join(' ')}`);
  for (const option of ['user', 'dry-run'])
    if (args.has(option)) throw new AfterokError('bad-option', `--${option} belongs to torc-server service`);
  const [{ loadConfiguration }, { runOptions }] = await Promise.all([
    import('../config-files/load.js'),
    import('./run-options.js'),
  ]);
  const { settings } = loadConfiguration(configPlaces(process.env, process.cwd()), process.env);
  const options = runOptions(args, process.env, settings);
  // What a server consists of takes longer to load than most other words take to be answered.
  const { runServer } = await import('./run.js');
  return await runServer(options, argv);
}
