import { AfterokError } from '../../errors.js';
import type { CommandSpec } from '../command.js';
import { renderHelp } from '../help.js';
import { type ParsedArguments, parseArguments } from '../parse.js';

/** Parses a subcommand's arguments; prints its help when that is asked for, and returns null. */
export function subcommandArguments(
  spec: CommandSpec,
  argv: readonly string[],
  words: number,
): ParsedArguments | null {
  const args = parseArguments(spec, argv);
  if (args.has('help')) {
    process.stdout.write(renderHelp(spec));
    return null;
  }
  if (args.positionals.length === words) return args;
  const odd = args.positionals[words];
  throw new AfterokError(
    'bad-option',
    odd === undefined ? `${spec.name} needs a name` : `unexpected word ${JSON.stringify(odd)}`,
    spec.usage[0],
  );
}

/** `10%`, `10` or `2.5%` as a share. */
export function shareOption(args: ParsedArguments, name: string, otherwise: number): number {
  const text = args.text(name);
  if (text === null) return otherwise;
  if (/^\d{1,4}(\.\d+)?%?$/.test(text)) return Number.parseFloat(text) / 100;
  throw new AfterokError('bad-option', `--${name} ${text}: expected a share such as 10%`);
}
