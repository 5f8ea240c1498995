import type { WorkflowModel } from '../../../wire/workflows.js';
import { renderRecord, type TableColumn } from '../../table.js';

export const WORKFLOW_COLUMNS: readonly TableColumn<WorkflowModel>[] = [
  ['ID', (workflow) => workflow.id],
  ['User', (workflow) => workflow.user],
  ['Name', (workflow) => workflow.name],
  ['Description', (workflow) => workflow.description],
  ['Timestamp', (workflow) => workflow.timestamp],
];

export function renderWorkflow(title: string, workflow: WorkflowModel): string {
  return renderRecord(title, {
    ID: workflow.id,
    Name: workflow.name,
    User: workflow.user,
    Description: workflow.description,
    Timestamp: workflow.timestamp,
    'Resource monitor': workflow.resource_monitor_config,
    'Slurm defaults': workflow.slurm_defaults,
  });
}

/** As it is printed in JSON: settings that are JSON text on the wire are objects. */
export function workflowJson(workflow: WorkflowModel): Record<string, unknown> {
  const { resource_monitor_config: monitor, slurm_defaults: defaults } = workflow;
  return {
    ...workflow,
    ...(monitor === undefined ? {} : { resource_monitor_config: parsed(monitor) }),
    ...(defaults === undefined ? {} : { slurm_defaults: parsed(defaults) }),
  };
}

/** What is no JSON stays the text that it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
