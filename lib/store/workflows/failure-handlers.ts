import type { FailureHandlerModel } from '../../wire/failure-handlers.js';
import { Table } from './table.js';

export const FAILURE_HANDLER = new Table<FailureHandlerModel>('failure_handler', [
  'workflow_id',
  'name',
  'rules',
]);
