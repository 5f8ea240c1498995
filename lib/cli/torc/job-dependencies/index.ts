import type { TorcNode } from '../command.js';
import { jobFile } from './job-file.js';
import { jobJob } from './job-job.js';
import { jobUserData } from './job-user-data.js';

export const JOB_DEPENDENCY_COMMANDS: readonly TorcNode[] = [jobJob, jobFile, jobUserData];
