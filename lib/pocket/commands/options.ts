import { type ParseArgsConfig, parseArgs } from 'node:util';
import { UsageRefusal, unsupported } from '../refusal.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What a command line says: values by option, and the words that belong to none. */
export type ReadOptions<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/**
 * The options and words of a command line, by the table of options that the program has. sbatch alone reads its own,
 * since it shares them with batch scripts.
 *
 * @throws UsageRefusal for what is not in the table, and for a missing or superfluous value
 */
export function readOptions<const T extends Options>(argv: readonly string[], options: T): ReadOptions<T> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw unsupported(/'(-[^' ]*)/.exec(message)?.[1] ?? message);
    if (code?.startsWith('ERR_PARSE_ARGS')) throw new UsageRefusal([`error: ${message.split('. ')[0]}`]);
    throw error;
  }
}
