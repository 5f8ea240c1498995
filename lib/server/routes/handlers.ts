import type { ApiHandlers } from '../handlers.js';
import { accessGroupHandlers } from './access-groups.js';
import { actionHandlers } from './actions.js';
import { computeNodeHandlers, scheduledComputeNodeHandlers } from './compute-nodes.js';
import { eventHandlers } from './events.js';
import { failureHandlerHandlers } from './failure-handlers.js';
import { fileHandlers } from './files.js';
import { jobHandlers } from './jobs.js';
import { remoteWorkerHandlers } from './remote-workers.js';
import { resourceRequirementHandlers } from './resource-requirements.js';
import { resultHandlers } from './results.js';
import { localSchedulerHandlers, slurmSchedulerHandlers } from './schedulers.js';
import { systemHandlers } from './system.js';
import { userDataHandlers } from './user-data.js';
import { workflowHandlers } from './workflows.js';

/** Every operation's handler. */
export const HANDLERS: ApiHandlers = {
  system: systemHandlers,
  workflows: workflowHandlers,
  actions: actionHandlers,
  jobs: jobHandlers,
  files: fileHandlers,
  userData: userDataHandlers,
  resourceRequirements: resourceRequirementHandlers,
  failureHandlers: failureHandlerHandlers,
  results: resultHandlers,
  events: eventHandlers,
  computeNodes: computeNodeHandlers,
  scheduledComputeNodes: scheduledComputeNodeHandlers,
  slurmSchedulers: slurmSchedulerHandlers,
  localSchedulers: localSchedulerHandlers,
  remoteWorkers: remoteWorkerHandlers,
  accessGroups: accessGroupHandlers,
};
