import type { TorcNode } from '../command.js';
import { getCommand } from '../record-command.js';
import { createJob } from './create.js';
import { createJobsFromFile } from './create-from-file.js';
import { deleteJobs } from './delete.js';
import { deleteAllJobs } from './delete-all.js';
import { JOB } from './kind.js';
import { listJobs } from './list.js';
import { listHandlersOfJobs } from './list-failure-handlers.js';
import { listRequirementsOfJobs } from './list-resource-requirements.js';
import { updateJob } from './update.js';

export const JOB_COMMANDS: readonly TorcNode[] = [
  createJob,
  createJobsFromFile,
  listJobs,
  getCommand(JOB, (client, id) => client.jobs.get({ id })),
  updateJob,
  deleteJobs,
  deleteAllJobs,
  listRequirementsOfJobs,
  listHandlersOfJobs,
];
