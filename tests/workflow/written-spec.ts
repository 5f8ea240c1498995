import { AfterokError } from '../../lib/errors.js';
import { type ExpandOptions, expand } from '../../lib/workflow/expand.js';
import type { WorkflowJob, WorkflowModel } from '../../lib/workflow/model.js';
import { parseSpec } from '../../lib/workflow/spec-file.js';
import { type ValidationResult, validate } from '../../lib/workflow/validate.js';

/** The model of a specification in YAML, or of the extension's syntax. */
export function modelOf(text: string, file = 'my.yaml', options: ExpandOptions = {}): WorkflowModel {
  const { spec, source } = parseSpec(text, file);
  return expand(spec, source, options);
}

/** The model of a workflow that has these jobs and what else is written. */
export function modelOfJobs(jobs: string, rest = ''): WorkflowModel {
  return modelOf(`name: w\n${rest}\njobs:\n${jobs}`);
}

export function resultOf(text: string, file = 'my.yaml'): ValidationResult {
  return validate(parseSpec(text, file));
}

export function namesOf(model: WorkflowModel): string[] {
  return model.jobs.map(({ name }) => name);
}

/** @throws Error when no job is called that */
export function jobOf(model: WorkflowModel, name: string): WorkflowJob {
  const job = model.jobs.find((one) => one.name === name);
  if (job === undefined) throw new Error(`no job ${name} among ${namesOf(model).join(', ')}`);
  return job;
}

/** The error for a person that this throws; null when it throws none. Any other error is thrown on. */
export function errorOf(run: () => unknown): AfterokError | null {
  try {
    run();
    return null;
  } catch (error) {
    if (error instanceof AfterokError) return error;
    throw error;
  }
}

/** Whether a text is read, expanded and validated, or refused as it should be: any error but ours is thrown on. */
export function isTreatedWell(text: string, file: string): boolean {
  const error = errorOf(() => {
    const written = parseSpec(text, file);
    const { valid, errors } = validate(written);
    const refused = errorOf(() => expand(written.spec, written.source));
    if (valid !== (refused === null)) throw new Error('expansion and validation are not of one mind');
    if (refused !== null && refused.message !== errors[0])
      throw new Error('they differ about the first error');
    if (refused !== null) throw refused;
  });
  return (
    error === null ||
    (error.code === 'bad-spec' && error.message.startsWith(`${file}:`) && !/\n/.test(error.message))
  );
}
