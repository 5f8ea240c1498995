import type { ApiHandlers } from '../handlers.js';
import { actionHandlers } from './actions.js';
import { fileHandlers } from './files.js';
import { jobHandlers } from './jobs.js';
import { workflowHandlers } from './workflows.js';

/** Every operation's handler. */
export const HANDLERS: Partial<ApiHandlers> = {
  workflows: workflowHandlers,
  actions: actionHandlers,
  jobs: jobHandlers,
  files: fileHandlers,
};
