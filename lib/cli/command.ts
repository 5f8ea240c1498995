/** One option of a command: what is needed to parse it, to explain it and to complete it. */
export interface OptionSpec {
  /** Long name, without dashes. */
  name: string;
  alias?: string;
  /** What the value is called in help; an option without one is a switch. */
  value?: string;
  /** The value may be left out. */
  optional?: boolean;
  /** May be given several times. */
  many?: boolean;
  /** The only values that are accepted. */
  choices?: readonly string[];
  help: string;
}

/** A group of options under one heading of the help. */
export interface OptionGroup {
  title: string;
  options: readonly OptionSpec[];
}

/** A command as data: its help and its parser are made from this. */
export interface CommandSpec {
  name: string;
  summary: string;
  usage: readonly string[];
  /** Options may stand behind words as well. Not where the words are a script and its own arguments. */
  interspersed?: boolean;
  groups: readonly OptionGroup[];
  examples: readonly { text: string; command: string }[];
  /** Further sections, title and lines. */
  notes?: readonly { title: string; lines: readonly string[] }[];
}

export function allOptions(spec: CommandSpec): OptionSpec[] {
  return spec.groups.flatMap((group) => group.options);
}
