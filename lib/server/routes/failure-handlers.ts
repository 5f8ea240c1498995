import { FAILURE_HANDLER } from '../../store/workflows/failure-handlers.js';
import { equals } from '../../store/workflows/table.js';
import type { FAILURE_HANDLERS } from '../../wire/failure-handlers.js';
import { ApiError } from '../api-error.js';
import type { Handlers } from '../handlers.js';
import { existing, existingWorkflow, ordering } from './existing.js';

const NOUN = 'Failure handler';

export const failureHandlerHandlers: Handlers<typeof FAILURE_HANDLERS> = {
  create({ body }, context) {
    existingWorkflow(context, body.workflow_id);
    requireRules(body.rules);
    return FAILURE_HANDLER.insert(context.db, body);
  },
  get: ({ params }, context) => existing(context, FAILURE_HANDLER, NOUN, params.id),
  remove({ params }, context) {
    const { name } = existing(context, FAILURE_HANDLER, NOUN, params.id);
    FAILURE_HANDLER.remove(context.db, params.id);
    return { message: `Deleted failure handler ${name}` };
  },
  list({ params, query }, context) {
    existingWorkflow(context, params.id);
    return FAILURE_HANDLER.list(context.db, {
      ...ordering(FAILURE_HANDLER, query),
      conditions: [equals('workflow_id', params.id)],
    });
  },
};

/** Runners read the rules when a job fails: too late to hear that they are none. */
function requireRules(text: string): void {
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch {
    rules = null;
  }
  const isRule = (rule: unknown) => typeof rule === 'object' && rule !== null && !Array.isArray(rule);
  if (Array.isArray(rules) && rules.every(isRule)) return;
  throw new ApiError(422, 'rules: expected the JSON text of an array of rules', {
    field: 'rules',
    value: text,
  });
}
