import { near } from '../../nearest.js';
import type { Command, CommandNode, OptionRecord, Program } from './command.js';
import { usage } from './option.js';

/** What the words before the arguments of a command come to. */
export interface Resolved<S> {
  /** `torc files list`, as far as it goes. */
  names: string[];
  /** The command, or the commands to choose from when no more words name one. */
  target:
    | { kind: 'command'; command: Command<S> }
    | { kind: 'choice'; summary: string; nodes: readonly CommandNode<S>[] };
  /** Global options that stand before the command. */
  before: string[];
  /** What follows the command's name. */
  rest: string[];
}

/** Finds the command that is meant, whatever global options stand between its words. @throws AfterokError for an unknown one */
export async function resolve<S>(program: Program<S>, argv: readonly string[]): Promise<Resolved<S>> {
  const names = [program.name];
  const before: string[] = [];
  const rest = [...argv];
  let [nodes, summary] = [program.commands, program.summary];
  for (;;) {
    before.push(...takeOptions(rest, program.globals));
    const word = rest[0];
    if (word === undefined || word.startsWith('-')) {
      // What is left begins with an option that the program does not know, or there is nothing left.
      return { names, target: { kind: 'choice', summary, nodes }, before: [...before, ...rest], rest: [] };
    }
    const node = find(nodes, word, names);
    rest.shift();
    names.push(node.name);
    if (node.kind !== 'group') {
      const command = node.kind === 'lazy' ? await node.load() : node;
      return { names, target: { kind: 'command', command }, before, rest };
    }
    [nodes, summary] = [await node.load(), node.summary];
  }
}

function find<S>(nodes: readonly CommandNode<S>[], word: string, names: readonly string[]): CommandNode<S> {
  const found = nodes.find((node) => node.name === word || node.aliases.includes(word));
  if (found !== undefined) return found;
  const meant = near(
    word,
    nodes.flatMap((node) => [node.name, ...node.aliases]),
  );
  throw usage(
    `unknown command ${word}${meant === null ? '' : `; did you mean ${meant}?`}`,
    `${names.join(' ')} --help lists the commands`,
  );
}

/** Takes the program's options, with their values, off the beginning of the words. */
function takeOptions(words: string[], globals: OptionRecord): string[] {
  const taken: string[] = [];
  for (let word = words[0]; word?.startsWith('-'); word = words[0]) {
    const [dashed = '', letter] = [word.split('=')[0], word[1]];
    const option = Object.entries(globals).find(([name, { alias }]) =>
      word.startsWith('--') ? dashed === `--${name}` : alias !== undefined && alias === letter,
    )?.[1];
    if (option === undefined) return taken;
    const isWhole = word.startsWith('--') ? !word.includes('=') : word.length === 2;
    taken.push(...words.splice(0, option.value !== null && isWhole ? 2 : 1));
  }
  return taken;
}
