import { type Place, valueOptions } from './places.js';

/** A script that makes elvish complete the program. */
export function elvishCompletions(program: string, places: readonly Place[]): string {
  return `# Completions of ${program} for elvish.
use builtin
use str
set edit:completion:arg-completer[${program}] = {|@words|
    fn cand {|word help| edit:complex-candidate $word &display=$word' '$help }
    var options-with-value = [${valueOptions(places).map(quoted).join(' ')}]
    var paths = [&${places.map(({ path }) => `${quoted(path)}=$true`).join(' &')}]
    var path = ${quoted(program)}
    var skip = $false
    for word $words[1..-1] {
        if $skip {
            set skip = $false
        } elif (builtin:has-value $options-with-value $word) {
            set skip = $true
        } elif (builtin:has-key $paths $path' '$word) {
            set path = $path' '$word
        }
    }
    var completions = [
${places.map(placeEntry).join('')}    ]
    $completions[$path]
}
`;
}

function placeEntry({ path, commands, options, positional }: Place): string {
  const words = [
    ...commands.map(({ word, help }) => [word, help] as const),
    ...options.flatMap(({ names, help }) => names.map((name) => [name, help] as const)),
    ...(Array.isArray(positional) ? (positional as string[]).map((word) => [word, ''] as const) : []),
  ];
  const lines = words.map(([word, help]) => `            cand ${quoted(word)} ${quoted(help)}\n`);
  const files =
    positional === 'file' || positional === 'folder' ? '            edit:complete-filename $words[-1]\n' : '';
  return `        &${quoted(path)}= {\n${lines.join('')}${files}        }\n`;
}

/** A text within single quotes of elvish, where a quote is written twice. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
