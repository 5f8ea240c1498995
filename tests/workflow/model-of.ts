import { expand } from '../../lib/workflow/expand.js';
import type { WorkflowModel } from '../../lib/workflow/model.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';

/** The model of a specification in YAML. */
export function modelOf(yaml: string): WorkflowModel {
  const { spec, source } = parseSpec(yaml, 'test.yaml');
  return expand(spec, source);
}
