import type { CommandNode, OptionRecord, Program } from '../tree/command.js';
import type { Completion, Option } from '../tree/option.js';
import { optionsOf } from '../tree/parse.js';

/** A word that may follow, and what it is. */
export interface Candidate {
  word: string;
  help: string;
}

export interface OptionCandidate {
  /** With their dashes: `-f`, `--format`. */
  names: string[];
  help: string;
  /** What its value is completed with; null for a switch, `any` where nothing is known. */
  value: Completion | 'any' | null;
}

/** A place on the command line, reached by naming commands, and what may stand there. */
export interface Place {
  /** `torc files list` */
  path: string;
  /** Names of commands, none behind a command. */
  commands: Candidate[];
  options: OptionCandidate[];
  /** What words that are no option are completed with. */
  positional: Completion | null;
}

/** Every place of a program. What a shell is told is made of this alone. */
export async function placesOf<S>(program: Program<S>, extra: OptionRecord): Promise<Place[]> {
  const globals = { ...program.globals, ...extra };
  return await placesBelow(program.name, program.commands, globals);
}

async function placesBelow<S>(
  path: string,
  nodes: readonly CommandNode<S>[],
  globals: OptionRecord,
): Promise<Place[]> {
  const commands = nodes.map(({ name, summary }) => ({ word: name, help: summary }));
  const here: Place = { path, commands, options: candidates(globals), positional: null };
  const below = await Promise.all(nodes.map((node) => placesOfNode(`${path} ${node.name}`, node, globals)));
  return [here, ...below.flat()];
}

async function placesOfNode<S>(path: string, node: CommandNode<S>, globals: OptionRecord): Promise<Place[]> {
  if (node.kind === 'group') return await placesBelow(path, await node.load(), globals);
  const command = node.kind === 'lazy' ? await node.load() : node;
  const options = candidates(optionsOf(command.options, globals));
  const completions = Object.values(command.positionals).map(({ completion }) => completion);
  return [{ path, commands: [], options, positional: completions.find((one) => one !== undefined) ?? null }];
}

function candidates(options: OptionRecord): OptionCandidate[] {
  return Object.entries(options).map(([name, option]) => ({
    names: [...(option.alias === undefined ? [] : [`-${option.alias}`]), `--${name}`],
    help: option.help,
    value: valueKind(option),
  }));
}

function valueKind({ value, completion }: Option<unknown>): OptionCandidate['value'] {
  return value === null ? null : (completion ?? 'any');
}

/** Global options that take a value: the word behind one is no command. */
export function valueOptions(places: readonly Place[]): string[] {
  const [root] = places;
  return root === undefined ? [] : root.options.flatMap(({ names, value }) => (value === null ? [] : names));
}

/** A text within single quotes of a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
