import { CURRENT_RESULTS, RESULT, renewCurrentResult } from '../../store/workflows/results.js';
import { equals } from '../../store/workflows/table.js';
import type { Query } from '../../wire/endpoint.js';
import type { RESULTS, ResultModel } from '../../wire/results.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';
import { belonging } from './existing.js';

const PLAIN = collectionHandlers<ResultModel, Query<typeof RESULTS.list>>({
  table: RESULT,
  noun: 'Result',
  conditions: ({ job_id, run_id, return_code, status, compute_node_id, all_runs: all }) => [
    equals('job_id', job_id),
    equals('run_id', run_id),
    equals('return_code', return_code),
    equals('status', status),
    equals('compute_node_id', compute_node_id),
    all === true ? null : CURRENT_RESULTS,
  ],
  check({ workflow_id: workflow, job_id: job, compute_node_id: node }, context) {
    belonging(context, 'job', workflow, 'job_id', job);
    belonging(context, 'compute_node', workflow, 'compute_node_id', node);
  },
});

export const resultHandlers: Handlers<typeof RESULTS> = {
  ...PLAIN,
  create: (request, context) =>
    context.db.write(() => {
      const result = PLAIN.create(request, context);
      renewCurrentResult(context.db, result.job_id);
      return result;
    }),
};
