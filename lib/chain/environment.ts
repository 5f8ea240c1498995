import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '../atomic-file.js';

/**
 * Variables that Slurm sets inside a job. They do not belong to the person's environment: when a round is submitted
 * from within a job they would leak into it (srun refuses SLURM_MEM_PER_NODE beside SLURM_MEM_PER_CPU, for one).
 */
const SET_BY_SLURM = /^(SLURM_(?!CONF$|CLUSTERS$)|SLURMD_|PMIX?_)/;

/** Options of sbatch by variable that would break our handler jobs. */
const SBATCH_DEFAULTS = /^SBATCH_(?!ACCOUNT$|QOS$|CLUSTERS$)/;

/** The environment as the person had it, ready to be kept. */
export function submissionEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !SET_BY_SLURM.test(name)));
}

/**
 * The same, for submitting handlers. Where time runs faster than it does (the embedded scheduler), it does not for
 * them: they do real work.
 */
export function handlerEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !SBATCH_DEFAULTS.test(name));
  return {
    ...Object.fromEntries(kept),
    ...(env.AFTEROK_TIME_SCALE === undefined ? {} : { AFTEROK_TIME_SCALE: '1' }),
  };
}

/** Keeps the environment with the chain, so that every round is submitted from the same one, byte for byte. */
export function writeEnvironment(path: string, env: NodeJS.ProcessEnv): void {
  const entries = Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}\0`);
  writeFileAtomic(path, entries.join(''), 0o600);
}

export function readEnvironment(path: string): NodeJS.ProcessEnv {
  const entries = readFileSync(path, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    entries.map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

/** What `--export` asked for: the mode if it names one, variables to set, and variables to take from the environment. */
export interface ExportRequest {
  mode: 'ALL' | 'NONE' | 'NIL' | null;
  set: Record<string, string>;
  take: string[];
}

/**
 * Reads `--export` as sbatch does, except that a list without a mode adds to the environment instead of replacing it,
 * and that a comma inside a value belongs to the value unless `NAME=` or a mode follows it. A value that holds
 * `,NAME=` is given by name alone and taken from the environment, where any bytes are possible.
 *
 * @returns null when the text is no such list
 */
export function parseExport(text: string): ExportRequest | null {
  const request: ExportRequest = { mode: null, set: {}, take: [] };
  for (let rest = text; rest !== ''; ) {
    const name = /^[A-Za-z_]\w*/.exec(rest)?.[0];
    if (name === undefined) return null;
    rest = rest.slice(name.length);
    if (rest.startsWith('=')) {
      const value = rest.slice(1, VALUE_END.exec(rest)?.index ?? rest.length);
      request.set[name] = value;
      rest = rest.slice(1 + value.length);
    } else if (isExportMode(name)) request.mode = name;
    else request.take.push(name);
    if (rest !== '' && !rest.startsWith(',')) return null;
    rest = rest.slice(1);
  }
  return request;
}

/** The comma behind which the next variable or a mode begins. */
const VALUE_END = /,(?=[A-Za-z_]\w*=|(?:ALL|NONE|NIL)(?:,|$))/;

function isExportMode(name: string): name is NonNullable<ExportRequest['mode']> {
  return name === 'ALL' || name === 'NONE' || name === 'NIL';
}
