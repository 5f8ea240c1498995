import { type OptionCandidate, type Place, valueOptions } from './places.js';

/** A script that makes fish complete the program. */
export function fishCompletions(program: string, places: readonly Place[]): string {
  const helper = `__${program.replaceAll('-', '_')}_at`;
  const paths = places.slice(1).map(({ path }) => quoted(path));
  return `# Completions of ${program} for fish.
function ${helper}
    set -l path ${program}
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
            continue
        end
        if contains -- $word ${valueOptions(places).join(' ')}
            set skip 1
            continue
        end
        if contains -- "$path $word" ${paths.join(' ')}
            set path "$path $word"
        end
    end
    test "$path" = "$argv[1]"
end
complete -c ${program} -f
${places.map((place) => placeLines(program, helper, place)).join('')}`;
}

function placeLines(program: string, helper: string, { path, commands, options, positional }: Place): string {
  const start = `complete -c ${program} -n ${quoted(`${helper} ${quoted(path)}`)}`;
  const words = commands.map(({ word, help }) => `${start} -a ${quoted(word)} -d ${quoted(help)}\n`);
  const flags = options.map((option) => `${start} ${optionText(option)} -d ${quoted(option.help)}\n`);
  const other = positional === null ? [] : [`${start} ${valueText(positional)}\n`];
  return [...words, ...flags, ...other].join('');
}

function optionText({ names, value }: OptionCandidate): string {
  const flags = names.map((name) => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`));
  if (value === null) return flags.join(' ');
  return `${flags.join(' ')} -r${value === 'any' ? '' : ` ${valueText(value)}`}`;
}

function valueText(value: Exclude<OptionCandidate['value'], null | 'any'>): string {
  if (value === 'file') return '-F';
  return value === 'folder' ? "-a '(__fish_complete_directories)'" : `-a ${quoted(value.join(' '))}`;
}

/** A text within single quotes of fish, in which backslashes escape. */
function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
