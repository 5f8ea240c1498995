import type { LadderAxes } from './axes.js';
import type { Level } from './ladder.js';

type Path = readonly (string | number)[];
type Asks = Record<string, string | number>;

/** What a ladder file says with `ladder: axes`, as the schema admits it. */
export interface AxesFile {
  axes: { mem: (string | number)[]; time: (string | number)[] };
  base?: Asks;
  partitions?: string[];
}

/** The parts of reading that joint levels need too. */
export interface LevelReader {
  /** @throws AfterokError for a memory or time that is none, with its place in the file */
  level(asks: Asks, path: Path): Level;
  error(path: Path, message: string): Error;
}

/**
 * Every combination of the axes, as levels.
 *
 * @throws AfterokError naming file, line and column, also for an axis that does not rise
 */
export function readAxes(
  { axes, base = {}, partitions }: AxesFile,
  reader: LevelReader,
): { levels: Level[]; axes: LadderAxes } {
  if (partitions !== undefined && base.partition !== undefined)
    throw reader.error(['partitions'], 'give either "partitions" or a partition in "base"');
  const common = reader.level(base, ['base']);
  const mems = axes.mem.map((mem, at) => reader.level({ mem }, ['axes', 'mem', at]).mem);
  const times = axes.time.map((time, at) => reader.level({ time }, ['axes', 'time', at]).time);
  checkRise('mem', mems, reader);
  checkRise('time', times, reader);
  return {
    levels: mems.flatMap((mem) => times.map((time) => ({ ...common, mem, time }))),
    axes: { mem: mems.length, time: times.length, partitions: partitions ?? null },
  };
}

/** A rung that asks for no more than the one below would only fail again. */
function checkRise(key: 'mem' | 'time', rungs: readonly (number | null)[], reader: LevelReader): void {
  // --mem=0 stands for all memory of a node: nothing is more.
  const amounts = rungs.map((rung) => (key === 'mem' && rung === 0 ? Number.POSITIVE_INFINITY : (rung ?? 0)));
  const at = amounts.findIndex((amount, position) => position > 0 && amount <= (amounts[position - 1] ?? 0));
  if (at >= 0) throw reader.error(['axes', key, at], 'the axis does not rise: no more than the rung before');
}
