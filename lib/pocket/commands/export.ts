import { userInfo } from 'node:os';

function loginPath(programs: string): string {
  return `${programs}:/usr/local/bin:/usr/bin:/bin`;
}

/** What every job gets of a login, when its submission passes nothing on. */
function loginEnvironment(programs: string): Record<string, string> {
  const { username, homedir, shell } = userInfo();
  return {
    HOME: homedir,
    LOGNAME: username,
    USER: username,
    SHELL: shell ?? '/bin/sh',
    PATH: loginPath(programs),
  };
}

/**
 * The environment that `--export` gives a job, NAME=VALUE and NUL separated, as sbatch(1) says it: all, these names
 * or settings alone, or none; SLURM_* and SPANK variables always.
 *
 * @param spec the option's value; null where it was not given, which means ALL
 * @param programs the folder of the commands, for a job that gets no PATH
 */
export function exportedEnvironment(spec: string | null, env: NodeJS.ProcessEnv, programs: string): Buffer {
  const words = (spec ?? 'ALL').split(',').filter((word) => word !== '');
  const alone = words.length === 1 ? words[0]?.toUpperCase() : undefined;
  // What srun within the job is to do with its environment; of ALL nothing is said.
  const told = spec === null || alone === 'ALL' ? undefined : spec;
  if (alone === 'NONE' || alone === 'NIL')
    return pack({ ...loginEnvironment(programs), ...always(env), SLURM_EXPORT_ENV: told });
  const all = words.some((word) => word.toUpperCase() === 'ALL');
  const exported: NodeJS.ProcessEnv = all ? { ...env } : { PATH: loginPath(programs), ...always(env) };
  for (const word of words) {
    const at = word.indexOf('=');
    if (at > 0) exported[word.slice(0, at)] = word.slice(at + 1);
    else if (env[word] !== undefined) exported[word] = env[word];
  }
  return pack({ ...exported, SLURM_EXPORT_ENV: told });
}

/** What tells the commands inside the job where this cluster is, as SLURM_CONF does. */
const CLUSTER = /^(?:SLURM_|SPANK_|AFTEROK_POCKET_|AFTEROK_TIME_SCALE$)/;

function always(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => CLUSTER.test(name)));
}

function pack(env: NodeJS.ProcessEnv): Buffer {
  const entries = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}\0`],
  );
  return Buffer.from(entries.join(''));
}
