import type { InitializationCheck } from '../../../client/initialization-check.js';

/** What `--dry-run` of initialize and reinitialize prints in JSON. */
export function checkJson(check: InitializationCheck, safe: boolean): Record<string, unknown> {
  return {
    workflow_id: check.workflow,
    safe,
    missing_input_files: check.missingInputs,
    missing_input_file_count: check.missingInputs.length,
    missing_user_data: check.missingUserData,
    existing_output_files: check.existingOutputs,
    existing_output_file_count: check.existingOutputs.length,
  };
}

export function renderCheck(check: InitializationCheck, safe: boolean): string {
  return [
    ...listed('Missing input files', check.missingInputs),
    ...listed('Missing user data', check.missingUserData),
    ...listed('Output files that exist already', check.existingOutputs),
    safe ? `Workflow ${check.workflow} can start.` : `Workflow ${check.workflow} should not start like this.`,
    '',
  ].join('\n');
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`${title} (${items.length}):`, ...items.map((item) => `  - ${item}`)];
}
