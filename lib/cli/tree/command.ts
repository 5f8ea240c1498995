import type { Option } from './option.js';

/** Options or positional arguments by their names, in the order of help and of the command line. */
export type OptionRecord = Readonly<Record<string, Option<unknown>>>;

type CamelCase<S extends string> = S extends `${infer H}-${infer T}` ? `${H}${Capitalize<CamelCase<T>>}` : S;

/** What a command is run with: `workflow-id` is `workflowId` here. */
export type Values<O extends OptionRecord> = {
  [K in keyof O & string as CamelCase<K>]: O[K] extends Option<infer T> ? T : never;
};

export interface Example {
  /** What it does. */
  text: string;
  command: string;
}

/** A command as data: parser, help and completions are made from it. `S` is what commands of one program work with. */
export interface Command<S> {
  kind: 'command';
  name: string;
  /** Older or shorter names. */
  aliases: readonly string[];
  /** One line. */
  summary: string;
  /** Further lines of help. */
  description: readonly string[];
  /** In order; only the last may be repeated. */
  positionals: OptionRecord;
  options: OptionRecord;
  examples: readonly Example[];
  /** @returns the exit code, 0 for none */
  run: (values: Readonly<Record<string, unknown>>, context: CommandContext<S>) => Promise<number | undefined>;
}

/** Where a command is run. */
export interface CommandContext<S> {
  /** The tree that it is from. */
  program: Program<S>;
  /** What it works with, made when it first asks: what loads a client is nothing that help should wait for. */
  open: () => Promise<S>;
}

/** Commands under one name, loaded when the name is used. */
export interface CommandGroup<S> {
  kind: 'group';
  name: string;
  aliases: readonly string[];
  summary: string;
  load: () => Promise<readonly CommandNode<S>[]>;
}

/** A command that is loaded when it is used. */
export interface LazyCommand<S> {
  kind: 'lazy';
  name: string;
  aliases: readonly string[];
  summary: string;
  load: () => Promise<Command<S>>;
}

export type CommandNode<S> = Command<S> | CommandGroup<S> | LazyCommand<S>;

/** A program: its commands and the options that all of them understand, before and after their names. */
export interface Program<S> {
  name: string;
  summary: string;
  globals: OptionRecord;
  commands: readonly CommandNode<S>[];
  examples: readonly Example[];
}

/** A command as its module writes it down. `W` is what it works with. */
export interface CommandDefinition<W, P extends OptionRecord, O extends OptionRecord> {
  name: string;
  aliases?: readonly string[];
  summary: string;
  description?: readonly string[];
  positionals?: P;
  options?: O;
  examples?: readonly Example[];
  run: (values: Values<P> & Values<O>, work: W) => Promise<number | undefined> | Promise<void>;
}

type None = Record<never, never>;

/** What makes commands for one kind of session. The types of what `run` gets follow from positionals and options. */
export function commandMaker<S>() {
  return maker<S, S>(({ open }) => open());
}

/** What makes commands about the program itself, which need no session. */
export function programCommandMaker<S>() {
  return maker<S, Program<S>>(async ({ program }) => program);
}

function maker<S, W>(workOf: (context: CommandContext<S>) => Promise<W>) {
  return <P extends OptionRecord = None, O extends OptionRecord = None>(
    definition: CommandDefinition<W, P, O>,
  ): Command<S> => {
    const { run } = definition;
    return {
      ...{ kind: 'command', aliases: [], description: [], positionals: {}, options: {}, examples: [] },
      ...definition,
      run: async (values, context) =>
        (await run(values as Values<P> & Values<O>, await workOf(context))) ?? undefined,
    };
  };
}

/** `produced-by-job-id` → `producedByJobId` */
export function camelCase(name: string): string {
  return name.replaceAll(/-(\w)/g, (_whole, letter: string) => letter.toUpperCase());
}
