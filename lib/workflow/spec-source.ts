import type { SchemaFile } from '../schema-file.js';
import type { WorkflowSpec } from './spec.js';

/** Where the parts of a specification stand; makes the errors about them. */
export type SpecSource = Pick<SchemaFile, 'file' | 'error'>;

/** A specification as it was written. */
export interface WrittenSpec {
  spec: WorkflowSpec;
  source: SpecSource;
}
