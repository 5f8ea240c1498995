import { expand } from '../../workflow/expand.js';
import type { WorkflowModel } from '../../workflow/model.js';
import { readSpecFile } from '../../workflow/spec-file.js';
import { createWorkflow } from '../../workflow/upload/create-workflow.js';
import type { Session } from './session.js';

export interface SpecOptions {
  skipChecks: boolean;
}

/** Reads and expands a specification. @throws AfterokError with file, line and column */
export function readModel(file: string, { skipChecks }: SpecOptions): WorkflowModel {
  const { spec, source } = readSpecFile(file);
  return expand(spec, source, { skipChecks });
}

/** Creates a workflow of a specification, for the person of this session. @returns its id @throws AfterokError */
export async function uploadModel(
  session: Session,
  model: WorkflowModel,
  { monitorResources }: { monitorResources: boolean },
  user: string = session.user,
): Promise<number> {
  return await createWorkflow(await session.client(), model, { user, monitorResources });
}
