import yargs from 'yargs/yargs';
import { AfterokError } from '../errors.js';
import { nearest } from '../nearest.js';

/** yargs as what takes words apart and nothing else: names and values are texts as they were written. */
export function optionParser(words: readonly string[], configuration: Readonly<Record<string, boolean>>) {
  return yargs([...words])
    .help(false)
    .version(false)
    .exitProcess(false)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      ...configuration,
    })
    .fail((message, error) => {
      throw error ?? new AfterokError('bad-option', message);
    });
}

/**
 * @param values what the parser has made of the words
 * @param names long names of options, of which the nearest is suggested
 * @param others letters and further names
 * @throws AfterokError for an option that is not among them
 */
export function refuseUnknown(
  values: Readonly<Record<string, unknown>>,
  names: readonly string[],
  others: readonly (string | undefined)[],
  command: string,
): void {
  const known = new Set(['_', '--', '$0', ...names, ...others]);
  const odd = Object.keys(values).find((name) => !known.has(name));
  if (odd === undefined) return;
  const isLetter = odd.length === 1;
  const suggestion = isLetter ? '' : `; did you mean --${nearest(odd, names)}?`;
  throw new AfterokError(
    'bad-option',
    `unknown option ${isLetter ? '-' : '--'}${odd}${suggestion}`,
    `${command} --help lists the options`,
  );
}
