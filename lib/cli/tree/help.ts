import { exampleLines, explained, section } from '../help-layout.js';
import type { Command, CommandNode, Example, OptionRecord } from './command.js';
import type { Option } from './option.js';
import { labelOf } from './parse.js';

const TEXT_COLUMN = 30;

/** The help of a command. @param name with everything before it: `torc files list` */
export function renderCommandHelp<S>(name: string, command: Command<S>, globals: OptionRecord): string {
  const places = Object.entries(command.positionals);
  const usage = [name, '[OPTIONS]', ...places.map(([place, option]) => usageWord(place, option))].join(' ');
  return render([
    [command.summary, ...command.description].join('\n'),
    section('Usage', [usage]),
    section(
      'Arguments',
      places.map(([place, option]) => line(labelOf(place), explain(option))),
    ),
    section('Options', Object.entries(command.options).map(optionLine)),
    section('Global options', Object.entries(globals).map(optionLine)),
    section('Examples', exampleLines(command.examples)),
    command.aliases.length === 0 ? '' : section('Also called', [command.aliases.join(', ')]),
  ]);
}

/** The help of a program or of a group of commands. */
export function renderGroupHelp<S>(
  name: string,
  summary: string,
  nodes: readonly CommandNode<S>[],
  globals: OptionRecord,
  examples: readonly Example[],
): string {
  return render([
    summary,
    section('Usage', [`${name} [OPTIONS] COMMAND`]),
    section(
      'Commands',
      nodes.map((node) => line(node.name, node.summary)),
    ),
    section('Global options', Object.entries(globals).map(optionLine)),
    section('Examples', exampleLines(examples)),
    `${name} COMMAND --help tells more about one.`,
  ]);
}

function render(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function usageWord(name: string, { isRequired, isRepeated }: Option<unknown>): string {
  const word = `${labelOf(name)}${isRepeated ? '...' : ''}`;
  return isRequired ? word : `[${word}]`;
}

function optionLine([name, option]: [string, Option<unknown>]): string {
  const letter = option.alias === undefined ? '    ' : `-${option.alias}, `;
  const value = option.value === null ? '' : ` <${option.value}>`;
  return line(`${letter}--${name}${value}`, explain(option));
}

function explain({ help, isRequired, isRepeated, defaultText, value }: Option<unknown>): string {
  const notes = [
    isRequired ? 'required' : null,
    isRepeated && value !== null ? 'may be repeated' : null,
    defaultText === undefined ? null : `default: ${defaultText}`,
  ].filter((note) => note !== null);
  return notes.length === 0 ? help : `${help} [${notes.join(', ')}]`;
}

function line(left: string, text: string): string {
  return explained(left, text, TEXT_COLUMN);
}
