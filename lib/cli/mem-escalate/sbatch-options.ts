import { AfterokError } from '../../errors.js';
import { allOptions } from '../command.js';
import { MEM_ESCALATE } from './spec.js';

const OPTIONS = allOptions(MEM_ESCALATE);

/**
 * Ties the options that follow `--sbatch` to it (`--sbatch --qos=high --nice` becomes `--sbatch=--qos=high
 * --sbatch=--nice`), so that they are not taken for options of ours. They end at the first word without a dash, or
 * at `--`. A value attached to a letter, as sbatch takes it (`-a0-9`), is spelt out for the same parser.
 */
export function attachSbatchOptions(argv: readonly string[]): string[] {
  const result: string[] = [];
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (!word.startsWith('-') || word === '--') return [...result, ...argv.slice(at)];
    if (word !== '--sbatch') {
      result.push(spellOut(word));
      const value = argv[at + 1];
      if (takesNextWord(word) && value !== undefined) {
        result.push(value);
        at += 1;
      }
      continue;
    }
    const end = argv.findIndex((next, position) => position > at && (!next.startsWith('-') || next === '--'));
    const options = argv.slice(at + 1, end === -1 ? undefined : end);
    if (options.length === 0) {
      throw new AfterokError(
        'bad-option',
        '--sbatch needs options: --sbatch --qos=high (write values with =)',
      );
    }
    result.push(...options.map((option) => `--sbatch=${option}`));
    at += options.length;
    if (argv[at + 1] === '--') at += 1;
  }
  return result;
}

/** `-a0-9` as `--array=0-9`. */
function spellOut(word: string): string {
  const [, letter, value] = /^-([a-zA-Z])([^=][\s\S]*)$/.exec(word) ?? [];
  const option = OPTIONS.find(({ alias }) => alias !== undefined && alias === letter);
  return option?.value === undefined ? word : `--${option.name}=${value}`;
}

/** Whether a word is an option of ours whose value is the next word. */
function takesNextWord(word: string): boolean {
  const option = OPTIONS.find(({ name, alias }) => word === `--${name}` || word === `-${alias}`);
  return option?.value !== undefined && option.optional !== true;
}
