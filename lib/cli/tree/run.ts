import type { OptionRecord, Program } from './command.js';
import { renderCommandHelp, renderGroupHelp } from './help.js';
import { flag } from './option.js';
import { optionsOf, parseWords, readValues } from './parse.js';
import { resolve } from './resolve.js';

/** Understood by every program, before and after its commands. */
export const EVERYWHERE = {
  help: flag('Show this help', { alias: 'h' }),
  version: flag('Show the version', { alias: 'V' }),
};

/** What a program brings beside its commands. */
export interface Surroundings<S> {
  version: string;
  /** Makes the session from the global options' values. */
  open: (globals: Readonly<Record<string, unknown>>) => Promise<S>;
  /** Ends it, however the command ended. */
  close: (session: S) => Promise<void>;
}

/** Runs a program: finds the command, reads its options, shows help instead where it is asked for. @throws AfterokError */
export async function runProgram<S>(
  program: Program<S>,
  argv: readonly string[],
  surroundings: Surroundings<S>,
): Promise<number> {
  const globals: OptionRecord = { ...program.globals, ...EVERYWHERE };
  const resolved = await resolve({ ...program, globals }, argv);
  const name = resolved.names.join(' ');
  const before = await parseWords(globals, resolved.before, name);
  if (before.given.version?.length) return print(`${program.name} ${surroundings.version}\n`);
  if (resolved.target.kind === 'choice') {
    const { summary, nodes } = resolved.target;
    const examples = resolved.names.length === 1 ? program.examples : [];
    const help = renderGroupHelp(name, summary, nodes, globals, examples);
    if (before.given.help?.length) return print(help);
    process.stderr.write(help);
    return 2;
  }
  const { command } = resolved.target;
  const after = await parseWords(optionsOf(command.options, globals), resolved.rest, name);
  if (before.given.help?.length || after.given.help?.length)
    return print(renderCommandHelp(name, command, globals));
  if (after.given.version?.length) return print(`${program.name} ${surroundings.version}\n`);
  const values = readValues(command.positionals, command.options, after, name);
  const given = globalValues(program.globals, command.options, before.given, after.given);
  let session: Promise<S> | null = null;
  const open = () => {
    session ??= surroundings.open(given);
    return session;
  };
  try {
    return (await command.run(values, { program, open })) ?? 0;
  } finally {
    if (session !== null) await surroundings.close(await session);
  }
}

/** Global options from both places: the later one wins. */
function globalValues(
  globals: OptionRecord,
  own: OptionRecord,
  before: Readonly<Record<string, readonly string[]>>,
  after: Readonly<Record<string, readonly string[]>>,
): Record<string, unknown> {
  const given = Object.keys(globals).map((name) => {
    const later = Object.hasOwn(own, name) ? [] : (after[name] ?? []);
    return [name, later.length > 0 ? later : (before[name] ?? [])];
  });
  return readValues({}, globals, { given: Object.fromEntries(given), positionals: [] }, '');
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}
