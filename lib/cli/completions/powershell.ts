import { type OptionCandidate, type Place, valueOptions } from './places.js';

/** A script that makes PowerShell complete the program. */
export function powershellCompletions(program: string, places: readonly Place[]): string {
  return `# Completions of ${program} for PowerShell.
Register-ArgumentCompleter -Native -CommandName ${quoted(program)} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $places = @{
${places.map(placeEntry).join('')}    }
    $optionsWithValue = @(${valueOptions(places).map(quoted).join(', ')})
    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
    if ($wordToComplete -ne '' -and $words.Count -gt 1) { $words = $words[0..($words.Count - 2)] }
    $path = ${quoted(program)}
    $previous = ''
    foreach ($word in $words | Select-Object -Skip 1) {
        if ($optionsWithValue -notcontains $previous -and $places.ContainsKey("$path $word")) { $path = "$path $word" }
        $previous = $word
    }
    $place = $places[$path]
    if ($place.Values.ContainsKey($previous)) {
        $place.Values[$previous] | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
        }
        return
    }
    $place.Words.GetEnumerator() | Where-Object { $_.Key -like "$wordToComplete*" } | Sort-Object Key | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, 'ParameterValue', $_.Value)
    }
}
`;
}

function placeEntry({ path, commands, options }: Place): string {
  const words = [
    ...commands.map(({ word, help }) => [word, help] as const),
    ...options.flatMap(({ names, help }) => names.map((name) => [name, help] as const)),
  ];
  // Hash tables of PowerShell do not tell -v from -V; the first one stays.
  const seen = new Set<string>();
  const distinct = words.filter(([word]) => {
    const isNew = !seen.has(word.toLowerCase());
    seen.add(word.toLowerCase());
    return isNew;
  });
  const entries = distinct.map(([word, help]) => `${quoted(word)} = ${quoted(help)}`);
  return `        ${quoted(path)} = @{ Words = @{ ${entries.join('; ')} }; Values = @{ ${valueEntries(options)} } }\n`;
}

function valueEntries(options: readonly OptionCandidate[]): string {
  const entries = options.flatMap(({ names, value }) =>
    typeof value === 'object' && value !== null
      ? [`${quoted(names.at(-1) ?? '')} = @(${value.map(quoted).join(', ')})`]
      : [],
  );
  return entries.join('; ');
}

/** A text within single quotes of PowerShell, where a quote is written twice. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
