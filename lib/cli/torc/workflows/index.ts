import type { TorcNode } from '../command.js';
import { archiveWorkflows } from './archive.js';
import { cancelWorkflow } from './cancel.js';
import { createFromFile } from './create.js';
import { deleteWorkflows } from './delete.js';
import { showExecutionPlan } from './execution-plan.js';
import { exportToFile } from './export.js';
import { getWorkflow } from './get.js';
import { showGraph } from './graph.js';
import { importFromFile } from './import.js';
import { initializeWorkflow } from './initialize.js';
import { listWorkflows } from './list.js';
import { listActions } from './list-actions.js';
import { newWorkflow } from './new.js';
import { reinitializeWorkflow } from './reinitialize.js';
import { resetStatus } from './reset-status.js';
import { runWorkflowCommand } from './run.js';
import { isComplete, workflowStatus } from './status.js';
import { submitWorkflow } from './submit.js';
import { updateWorkflow } from './update.js';

export const WORKFLOW_COMMANDS: readonly TorcNode[] = [
  createFromFile,
  newWorkflow,
  listWorkflows,
  getWorkflow,
  updateWorkflow,
  cancelWorkflow,
  deleteWorkflows,
  archiveWorkflows,
  runWorkflowCommand,
  submitWorkflow,
  initializeWorkflow,
  reinitializeWorkflow,
  workflowStatus,
  resetStatus,
  isComplete,
  listActions,
  showExecutionPlan,
  showGraph,
  exportToFile,
  importFromFile,
];
