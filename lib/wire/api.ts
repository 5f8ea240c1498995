import { ACCESS_GROUPS } from './access-groups.js';
import { ACTIONS } from './actions.js';
import { COMPUTE_NODES, SCHEDULED_COMPUTE_NODES } from './compute-nodes.js';
import { EVENTS } from './events.js';
import { FAILURE_HANDLERS } from './failure-handlers.js';
import { FILES } from './files.js';
import { JOBS } from './jobs.js';
import { REMOTE_WORKERS } from './remote-workers.js';
import { RESOURCE_REQUIREMENTS } from './resource-requirements.js';
import { RESULTS } from './results.js';
import { LOCAL_SCHEDULERS, SLURM_SCHEDULERS } from './schedulers.js';
import { SYSTEM } from './system.js';
import { USER_DATA } from './user-data.js';
import { WORKFLOWS } from './workflows.js';

/**
 * The whole REST API but its event stream (`/workflows/{id}/events/stream`, which is no JSON): groups of operations,
 * as the client offers them and the server implements them.
 */
export const API = {
  system: SYSTEM,
  workflows: WORKFLOWS,
  actions: ACTIONS,
  jobs: JOBS,
  files: FILES,
  userData: USER_DATA,
  resourceRequirements: RESOURCE_REQUIREMENTS,
  failureHandlers: FAILURE_HANDLERS,
  results: RESULTS,
  events: EVENTS,
  computeNodes: COMPUTE_NODES,
  scheduledComputeNodes: SCHEDULED_COMPUTE_NODES,
  slurmSchedulers: SLURM_SCHEDULERS,
  localSchedulers: LOCAL_SCHEDULERS,
  remoteWorkers: REMOTE_WORKERS,
  accessGroups: ACCESS_GROUPS,
};
