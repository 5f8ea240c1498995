import t from 'tap';
import { TORC } from '../../../lib/cli/torc/program.js';
import type { Command, OptionRecord } from '../../../lib/cli/tree/command.js';
import { resolve } from '../../../lib/cli/tree/resolve.js';
import { REFERENCE } from './reference/commands.js';

for (const [name, synopsis] of Object.entries(REFERENCE)) {
  t.test(`torc ${name}`, async (t) => {
    const { positionals, options } = await commandNamed(name);
    const words = synopsis.split(' ').filter((word) => word !== '');
    const places = words.filter((word, at) => !word.startsWith('-') && !words[at - 1]?.startsWith('-'));
    t.same(shownPlaces(positionals), places.map(withoutName), 'positional arguments');
    const offered = new Set(shownOptions(options));
    for (const word of wantedOptions(words)) t.ok(offered.has(word), word);
  });
}

t.test('commands that are not there yet are unknown', async (t) => {
  for (const name of ['slurm', 'hpc', 'watch', 'recover', 'tui', 'remote', 'logs', 'submit-slurm']) {
    await t.rejects(resolve(TORC, [name]), { code: 'bad-option', message: `unknown command ${name}` }, name);
  }
});

/** The command, or what stands for the program's own options: one with them and without arguments. */
async function commandNamed(name: string): Promise<Pick<Command<never>, 'positionals' | 'options'>> {
  if (name === '') return { positionals: {}, options: TORC.globals };
  const { target, rest } = await resolve(TORC, name.split(' '));
  if (target.kind !== 'command' || rest.length > 0) throw new Error(`${name} is no command`);
  return target.command;
}

/** `X`, `[X]...`: names of positional arguments are for people alone. */
function shownPlaces(positionals: OptionRecord): string[] {
  return Object.values(positionals).map(({ isRequired, isRepeated }) => {
    return `${isRequired ? 'X' : '[X]'}${isRepeated ? '...' : ''}`;
  });
}

function withoutName(place: string): string {
  return place.replace(/[A-Z_]+/, 'X');
}

/** `-l/--limit W=10000`, and the same for each other name. */
function shownOptions(options: OptionRecord): string[] {
  return Object.entries(options).flatMap(([name, option]) => {
    const { alias, otherName, value, isRepeated, isRequired, defaultText } = option;
    const letter = alias === undefined ? '' : `-${alias}/`;
    const marks = `${isRepeated ? '...' : ''}${isRequired ? '!' : ''}`;
    const start = defaultText === undefined ? '' : `=${defaultText}`;
    const tail = value === null ? '' : ` W${marks}${start}`;
    return [name, otherName].filter((each) => each !== undefined).map((each) => `${letter}--${each}${tail}`);
  });
}

/** `--limit W=10000` from the words of a synopsis. */
function wantedOptions(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    if (!word.startsWith('-')) return [];
    const next = words[at + 1];
    return [next?.startsWith('W') ? `${word} ${next}` : word];
  });
}
