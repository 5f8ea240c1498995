import { FormatError } from '../format-error.js';
import { parseDuration } from '../slurm/duration.js';
import { type ChainCaps, parseWallTime } from './caps.js';
import { DEFAULT_NODE_EXCLUSION, type NodeExclusionRule } from './node-exclusion.js';

/** The key `limits` of a ladder file, as the schema admits it. */
export interface LimitsKey {
  attempts?: number;
  core_hours?: number;
  wall_time?: string | number;
}

/** The key `node_exclusion`; the only word that the schema admits is `off`. */
export type NodeExclusionKey = string | { fast_fail?: string; failures?: number; expire?: string | number };

/** Parses the value at this place of the file; its FormatError is told with line and column. */
type At = <T>(path: readonly string[], parse: () => T) => T;

export function readLimits(
  { attempts, core_hours: coreHours, wall_time: wall }: LimitsKey,
  at: At,
): ChainCaps {
  const wallTime = wall === undefined ? null : at(['limits', 'wall_time'], () => parseWallTime(wall));
  return { attempts: attempts ?? null, coreHours: coreHours ?? null, wallTime };
}

/** @returns null when nodes are not to be excluded */
export function readNodeExclusion(key: NodeExclusionKey, at: At): NodeExclusionRule | null {
  if (typeof key === 'string') return null;
  const { fastFail, failures, expire } = DEFAULT_NODE_EXCLUSION;
  const seconds = (name: 'fast_fail' | 'expire', otherwise: number) => {
    const text = key[name];
    return text === undefined ? otherwise : at(['node_exclusion', name], () => parseEnding(text));
  };
  return {
    fastFail: seconds('fast_fail', fastFail),
    failures: key.failures ?? failures,
    expire: seconds('expire', expire),
  };
}

function parseEnding(text: string | number): number {
  const seconds = parseDuration(text);
  if (Number.isFinite(seconds)) return seconds;
  throw new FormatError('time', String(text), 'a time that ends');
}
