import { readerEnv, runSlurm } from './command.js';

/** The programs on which everything rests. */
export const SLURM_PROGRAMS = ['sbatch', 'squeue', 'sacct', 'scontrol', 'scancel', 'sinfo'] as const;

export type SlurmProgram = (typeof SLURM_PROGRAMS)[number];

/**
 * The version of a program, `22.05.8` of `slurm-wlm 22.05.8`.
 *
 * @throws SlurmCommandError of kind `missing` when it is not on PATH
 */
export async function slurmVersion(program: SlurmProgram, env: NodeJS.ProcessEnv): Promise<string> {
  const stdout = await runSlurm([program, '--version'], { env: readerEnv(env), timeout: 20 });
  return /\d+\.\d+(?:\.\d+)?\S*/.exec(stdout)?.[0] ?? stdout.trim();
}
