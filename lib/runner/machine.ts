import { readdirSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { hasErrno } from '../errors.js';

/** What a runner may give to jobs. */
export interface Capacity {
  cpus: number;
  memoryBytes: number;
  /** Names for CUDA_VISIBLE_DEVICES: numbers as a rule, or UUIDs. */
  gpus: readonly string[];
  nodes: number;
}

/** What a person wants to be given instead of what is there. */
export interface CapacityOptions {
  cpus?: number | undefined;
  memoryGib?: number | undefined;
  gpus?: number | undefined;
  nodes?: number | undefined;
}

const GIB = 2 ** 30;

/** What this machine has, or what the options say. */
export function capacityOf(
  { cpus, memoryGib, gpus, nodes }: CapacityOptions,
  env: NodeJS.ProcessEnv = process.env,
): Capacity {
  return {
    cpus: cpus ?? availableParallelism(),
    memoryBytes: memoryGib === undefined ? machineMemory() : memoryGib * GIB,
    gpus: gpuNames(gpus, visibleGpus(env.CUDA_VISIBLE_DEVICES) ?? installedGpus()),
    nodes: nodes ?? 1,
  };
}

/** The first `wanted` of those that are there, then numbers for what nobody has seen. */
export function gpuNames(wanted: number | undefined, there: readonly string[]): string[] {
  if (wanted === undefined) return [...there];
  return Array.from({ length: wanted }, (_, place) => there[place] ?? String(place));
}

/** What CUDA_VISIBLE_DEVICES leaves of a machine's GPUs; a device behind `-1` is invisible. Null without it. */
export function visibleGpus(value: string | undefined): string[] | null {
  if (value === undefined) return null;
  const names = value.split(',').map((name) => name.trim());
  const end = names.findIndex((name) => name === '' || name === '-1');
  return end === -1 ? names : names.slice(0, end);
}

function installedGpus(): string[] {
  try {
    return readdirSync('/proc/driver/nvidia/gpus').map((_, place) => String(place));
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'EACCES', 'ENOTDIR')) return [];
    throw error;
  }
}

/** In a container it is the container's. */
function machineMemory(): number {
  const limit = process.constrainedMemory?.() ?? 0;
  return limit > 0 && limit < totalmem() ? limit : totalmem();
}
