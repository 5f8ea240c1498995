import { type Place, quoted, valueOptions } from './places.js';

/** A script that makes bash complete the program. */
export function bashCompletions(program: string, places: readonly Place[]): string {
  const name = `_${program.replaceAll('-', '_')}`;
  return `# Completions of ${program} for bash.
${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} path=${program} i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "\${COMP_WORDS[i]}" in
      ${valueOptions(places).join('|')}) ((i++)); continue ;;
    esac
    case "$path \${COMP_WORDS[i]}" in
${places
  .slice(1)
  .map(({ path }) => `      ${quoted(path)}) path=${quoted(path)} ;;\n`)
  .join('')}    esac
  done
  COMPREPLY=()
  case "$path" in
${places.map(placeCase).join('')}  esac
}
complete -o bashdefault -F ${name} ${program}
`;
}

function placeCase({ path, commands, options, positional }: Place): string {
  const values = options.flatMap(({ names, value }) =>
    value === null ? [] : [`        ${names.join('|')}) ${compgen(value)}return ;;\n`],
  );
  const names = options.flatMap((option) => option.names).join(' ');
  const words = commands.map(({ word }) => word).join(' ');
  const other =
    words === '' ? compgen(positional ?? 'any') : `COMPREPLY=($(compgen -W ${quoted(words)} -- "$cur")); `;
  return `    ${quoted(path)})
      case "$prev" in
${values.join('')}      esac
      case "$cur" in
        -*) COMPREPLY=($(compgen -W ${quoted(names)} -- "$cur")) ;;
        *) ${other};;
      esac ;;
`;
}

function compgen(value: 'file' | 'folder' | 'any' | readonly string[]): string {
  switch (value) {
    case 'any':
      return '';
    case 'file':
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -f -- "$cur")); ';
    case 'folder':
      return 'compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen -d -- "$cur")); ';
    default:
      return `COMPREPLY=($(compgen -W ${quoted(value.join(' '))} -- "$cur")); `;
  }
}
