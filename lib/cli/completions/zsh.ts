import { type OptionCandidate, type Place, quoted, valueOptions } from './places.js';

/** A script that makes zsh complete the program. */
export function zshCompletions(program: string, places: readonly Place[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  return `#compdef ${program}
# Completions of ${program} for zsh.
${name}() {
  local cur=\${words[CURRENT]} prev=\${words[CURRENT-1]} where=${program} i
  for ((i = 2; i < CURRENT; i++)); do
    case "\${words[i]}" in
      ${valueOptions(places).join('|')}) ((i++)); continue ;;
    esac
    case "$where \${words[i]}" in
${places
  .slice(1)
  .map(({ path }) => `      ${quoted(path)}) where=${quoted(path)} ;;\n`)
  .join('')}    esac
  done
  local -a options commands
  case "$where" in
${places.map(placeCase).join('')}  esac
}
if [ "$funcstack[1]" = "${name}" ]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}

function placeCase({ path, commands, options, positional }: Place): string {
  const values = options.flatMap(({ names, value }) =>
    value === null ? [] : [`        ${names.join('|')}) ${complete(value)}; return ;;\n`],
  );
  const described = options.flatMap(({ names, help }) => names.map((word) => describe(word, help)));
  const words = commands.map(({ word, help }) => describe(word, help));
  const other =
    words.length === 0
      ? complete(positional ?? 'any')
      : `commands=(${words.join(' ')}); _describe command commands`;
  return `    ${quoted(path)})
      case "$prev" in
${values.join('')}      esac
      if [[ "$cur" == -* ]]; then
        options=(${described.join(' ')}); _describe option options
      else
        ${other}
      fi ;;
`;
}

/** `name:what it is`, where a colon in the help would end it. */
function describe(word: string, help: string): string {
  return quoted(`${word}:${help.replaceAll(':', '\\:')}`);
}

function complete(value: NonNullable<OptionCandidate['value']>): string {
  switch (value) {
    case 'any':
      return ':';
    case 'file':
      return '_files';
    case 'folder':
      return '_files -/';
    default:
      return `compadd -- ${value.map(quoted).join(' ')}`;
  }
}
