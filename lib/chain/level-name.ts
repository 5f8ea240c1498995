import { formatDuration } from '../slurm/duration.js';
import { ALL_OF_NODE, formatMemory } from '../slurm/memory-size.js';
import type { LadderAxes } from './axes.js';
import type { Level } from './ladder.js';

type Resources = Pick<Level, 'mem'> & { time: Level['time'] | 'UNLIMITED' };

/** `level 2`; on a ladder of axes, where a number tells nobody anything, `8G 01:00:00`. */
export function levelName(axes: LadderAxes | null, level: number, resources: Resources): string {
  return axes === null ? `level ${level}` : resourcesName(resources);
}

/** Memory and time as a person writes them: `8G 01:00:00`. */
export function resourcesName({ mem, time }: Resources): string {
  const memory = mem === null ? '' : mem === ALL_OF_NODE ? 'all memory' : formatMemory(mem);
  const limit = time === null ? '' : time === 'UNLIMITED' ? time : formatDuration(time);
  return [memory, limit].filter(Boolean).join(' ');
}
