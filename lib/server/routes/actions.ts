import { claimAction, createAction, listActions, pendingActions } from '../../store/workflows/actions.js';
import type { ACTIONS } from '../../wire/actions.js';
import { ApiError } from '../api-error.js';
import type { Handlers } from '../handlers.js';
import { checkActionConfig } from './action-config.js';
import { existingWorkflow } from './existing.js';

export const actionHandlers: Handlers<typeof ACTIONS> = {
  create({ params, body }, context) {
    existingWorkflow(context, params.id);
    if (body.workflow_id !== params.id) {
      const message = `workflow_id ${body.workflow_id}: the action is of workflow ${params.id}`;
      throw new ApiError(422, message, { field: 'workflow_id', value: body.workflow_id });
    }
    checkActionConfig(body);
    return createAction(context.db, params.id, body);
  },
  list({ params }, context) {
    existingWorkflow(context, params.id);
    return listActions(context.db, params.id);
  },
  pending({ params, query }, context) {
    existingWorkflow(context, params.id);
    return pendingActions(context.db, params.id, query.trigger_type);
  },
  claim({ params, body }, context) {
    existingWorkflow(context, params.id);
    const { id, action_id: action } = params;
    const claimed = claimAction(context.db, id, action, body.compute_node_id ?? null, context.now());
    if (!claimed) throw new ApiError(409, `Action ${action} was claimed already`, { claimed: false });
    return { claimed, action_id: action };
  },
};
