import { PACKAGE_ROOT } from '../../package-root.js';

/** The folder of the programs that are called as Slurm's: what goes first on PATH. */
export const POCKET_PROGRAMS = `${PACKAGE_ROOT}bin/pocket`;

/** The programs, and where each is. */
export const PROGRAMS = ['sbatch', 'squeue', 'sacct', 'scancel', 'scontrol', 'sinfo', 'srun'] as const;

export type Program = (typeof PROGRAMS)[number];
