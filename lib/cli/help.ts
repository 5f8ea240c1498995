import type { CommandSpec, OptionSpec } from './command.js';
import { exampleLines, explained, section } from './help-layout.js';

const TEXT_COLUMN = 28;

/** The help of a command, in the order of a manual page. */
export function renderHelp(spec: CommandSpec): string {
  const sections = [
    `${spec.name} - ${spec.summary}`,
    section('Usage', spec.usage),
    ...spec.groups.map((group) => section(group.title, group.options.map(optionLine))),
    ...(spec.notes ?? []).map((note) => section(note.title, note.lines)),
    section('Examples', exampleLines(spec.examples)),
  ];
  return `${sections.join('\n\n')}\n`;
}

function optionLine({ name, alias, value, optional, choices, help }: OptionSpec): string {
  const letter = alias === undefined ? '    ' : `-${alias}, `;
  const argument = value === undefined ? '' : optional ? ` [${value}]` : ` <${value}>`;
  const left = `${letter}--${name}${argument}`;
  const text = choices === undefined ? help : `${help} (${choices.join(', ')})`;
  return explained(left, text, TEXT_COLUMN);
}
