import type { FailureHandlerModel } from '../../../wire/failure-handlers.js';
import type { RecordKind } from '../record-command.js';

export const FAILURE_HANDLER: RecordKind<FailureHandlerModel> = {
  noun: 'failure handler',
  group: 'failure-handlers',
  columns: [
    ['ID', (handler) => handler.id],
    ['Name', (handler) => handler.name],
    ['Rules', (handler) => handler.rules],
  ],
  more: [['Workflow ID', (handler) => handler.workflow_id]],
};
