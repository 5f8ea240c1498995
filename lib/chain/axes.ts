/** What a task can have had too little of. */
export type Dimension = 'mem' | 'time';

/**
 * The shape of a ladder on which memory and time are climbed apart. Its levels are every combination of a memory rung
 * and a time rung, in the order (0, 0), (0, 1) … (1, 0): what carries a level number needs to know nothing of axes.
 */
export interface LadderAxes {
  /** How many rungs of memory there are, and of time. */
  mem: number;
  time: number;
  /** Of these each level gets the ones that admit it; null when every level has the same, or leaves it to sbatch. */
  partitions: readonly string[] | null;
}

/** A place on each axis, counted from 0. */
export type Rungs = Record<Dimension, number>;

export function rungsOf(axes: LadderAxes, level: number): Rungs {
  return { mem: Math.floor(level / axes.time), time: level % axes.time };
}

export function levelAt(axes: LadderAxes, { mem, time }: Rungs): number {
  return mem * axes.time + time;
}

/**
 * The level above for a task that had too little of something: one rung up on that axis and nowhere else. Joint levels
 * have a single dimension, whatever was short.
 *
 * @param axes null for joint levels
 * @param maxLevel the highest level of joint levels; the highest rung of every axis
 * @returns null at the top
 */
export function climb(
  axes: LadderAxes | null,
  level: number,
  dimension: Dimension,
  maxLevel: number,
): number | null {
  if (axes === null) return level < maxLevel ? level + 1 : null;
  const rungs = rungsOf(axes, level);
  const above = rungs[dimension] + 1;
  if (above >= axes[dimension] || above > maxLevel) return null;
  return levelAt(axes, { ...rungs, [dimension]: above });
}

/** Whether a chain that starts at one level and may climb to another can ever be at a level. */
export function inReach(
  axes: LadderAxes | null,
  { startLevel, maxLevel }: { startLevel: number; maxLevel: number },
  level: number,
): boolean {
  if (axes === null) return level >= startLevel && level <= maxLevel;
  const [start, rungs] = [rungsOf(axes, startLevel), rungsOf(axes, level)];
  return (['mem', 'time'] as const).every(
    (dimension) => rungs[dimension] >= start[dimension] && rungs[dimension] <= maxLevel,
  );
}

/** The highest number that `maxLevel` can usefully have. */
export function topOf({ axes, levels }: { axes: LadderAxes | null; levels: readonly unknown[] }): number {
  return (axes === null ? levels.length : Math.max(axes.mem, axes.time)) - 1;
}
