import { AfterokError } from '../errors.js';
import { formatDuration } from '../slurm/duration.js';
import { formatMemory } from '../slurm/memory-size.js';
import type { PartitionNodes } from '../slurm/sinfo.js';
import { inReach } from './axes.js';
import type { HandlerResources } from './checkpoint.js';
import type { Ladder, Level } from './ladder.js';
import { levelName } from './level-name.js';

/** A handler mostly waits for accounting and talks to the controller; ten minutes are ample. */
const HANDLER_TIME = 600;

const MEGABYTE = 2 ** 20;

/** What node and a chain of ten thousand tasks need, with room. */
const HANDLER_MEMORY = 300 * MEGABYTE;

/** Further bytes per task. */
const HANDLER_MEMORY_PER_TASK = 2048;

/**
 * Checks that some partition can run each level. Slurm would accept a job that none can (it pends for ever with
 * PartitionTimeLimit), and the chain would stall.
 *
 * @throws AfterokError for the first level that cannot run, with the reason for each of its partitions
 */
export function checkLevels(
  { file, levels, axes }: Pick<Ladder, 'file' | 'levels' | 'axes'>,
  range: { startLevel: number; maxLevel: number },
  cluster: readonly PartitionNodes[],
): void {
  levels.forEach((level, position) => {
    if (!inReach(axes, range, position)) return;
    const names =
      level.partition?.split(',') ?? cluster.filter((row) => row.isDefault).map((row) => row.partition);
    const reasons = [...new Set(names)].map((name) => shortcoming(level, name, cluster));
    const missing = reasons.find((reason) => reason?.startsWith('no partition'));
    if (names.length > 0 && missing === undefined && reasons.includes(null)) return;
    if (names.length === 0) return; // no default partition: sbatch decides
    const why = missing ?? reasons.filter((reason) => reason !== null).join('; ');
    throw new AfterokError(
      'unsatisfiable-level',
      `${file}: ${levelName(axes, position, level)} can never run: ${why}`,
      'mend the ladder, or stop below it with --max-level; sinfo shows what the cluster has',
    );
  });
}

/** Those of the named partitions that can run a level; of none named, the cluster's default one. */
export function partitionsFor(
  level: Level,
  names: readonly string[],
  cluster: readonly PartitionNodes[],
): string[] {
  const asked = names.length > 0 ? names : cluster.filter((row) => row.isDefault).map((row) => row.partition);
  return [...new Set(asked)].filter((name) => shortcoming(level, name, cluster) === null);
}

/** Gives each level of a ladder of axes the partitions that admit it; all of them where none does, for the error. */
export function withAdmittingPartitions(ladder: Ladder, cluster: readonly PartitionNodes[]): Ladder {
  const candidates = ladder.axes?.partitions ?? null;
  if (candidates === null) return ladder;
  const levels = ladder.levels.map((level) => {
    const admitting = candidates.filter((name) => shortcoming(level, name, cluster) === null);
    return { ...level, partition: (admitting.length > 0 ? admitting : candidates).join(',') };
  });
  return { ...ladder, levels };
}

/** Why a partition cannot run a level, or null when it can. */
function shortcoming(level: Level, name: string, cluster: readonly PartitionNodes[]): string | null {
  const rows = cluster.filter((row) => row.partition === name);
  if (rows.length === 0)
    return `no partition ${name} (there are ${[...new Set(cluster.map((row) => row.partition))].join(', ')})`;
  const { mem, time, cpus } = level;
  if (!rows.some((row) => row.up)) return `partition ${name} is down`;
  const limit = Math.max(...rows.map((row) => row.maxTime));
  if (time !== null && time > limit)
    return `partition ${name} allows ${formatDuration(limit)}, asked for ${formatDuration(time)}`;
  const memory = Math.max(...rows.map((row) => row.memory));
  if (mem !== null && mem > memory)
    return `nodes of ${name} have ${formatMemory(memory)}, asked for ${formatMemory(mem)}`;
  const most = Math.max(...rows.map((row) => row.cpus));
  if (cpus !== null && cpus > most) return `nodes of ${name} have ${most} CPUs, asked for ${cpus}`;
  return null;
}

/** What handlers ask for: the ladder's wish, else what the cluster's default partition admits. */
export function handlerResources(
  ladder: Ladder,
  tasks: number,
  accounting: { account: string | null; qos: string | null },
  cluster: readonly PartitionNodes[],
): HandlerResources {
  const wish = ladder.handler;
  const name =
    wish.partition ?? cluster.find((row) => row.isDefault && row.up)?.partition ?? firstPartition(ladder);
  const rows = cluster.filter((row) => row.partition === name);
  const limit = Math.max(60, ...rows.map((row) => row.maxTime));
  const largest = rows.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...rows.map((row) => row.memory));
  return {
    partition: name,
    mem: wish.mem ?? Math.min(handlerMemory(tasks), largest),
    time: wish.time ?? Math.min(HANDLER_TIME, limit),
    account: wish.account ?? accounting.account,
    qos: wish.qos ?? accounting.qos,
  };
}

function handlerMemory(tasks: number): number {
  return Math.ceil((HANDLER_MEMORY + tasks * HANDLER_MEMORY_PER_TASK) / MEGABYTE) * MEGABYTE;
}

function firstPartition(ladder: Ladder): string | null {
  return ladder.levels[0]?.partition?.split(',')[0] ?? null;
}
