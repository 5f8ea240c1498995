import { type ChainCaps, parseWallTime } from '../../chain/caps.js';
import { AfterokError } from '../../errors.js';
import { FormatError } from '../../format-error.js';
import type { ParsedArguments } from '../parse.js';

/**
 * The caps of a new chain: each option stands above the ladder's limit of that kind.
 *
 * @throws AfterokError for what is no number or time
 */
export function capsOf(args: ParsedArguments, ladder: ChainCaps): ChainCaps {
  const wall = args.text('max-wall');
  return {
    attempts: args.integer('max-attempts', 1) ?? ladder.attempts,
    coreHours: hours(args.text('max-core-hours')) ?? ladder.coreHours,
    wallTime: wall === null ? ladder.wallTime : wallTime(wall),
  };
}

function hours(text: string | null): number | null {
  if (text === null) return null;
  if (/^\d{1,12}(\.\d+)?$/.test(text) && Number(text) > 0) return Number(text);
  throw new AfterokError('bad-option', `--max-core-hours ${text}: expected a number above 0, such as 500`);
}

function wallTime(text: string): number | null {
  try {
    return parseWallTime(text);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new AfterokError('bad-option', `--max-wall: ${error.message}`, null, { cause: error });
  }
}
