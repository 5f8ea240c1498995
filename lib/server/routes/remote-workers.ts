import { addRemoteWorkers, remoteWorkers, removeRemoteWorker } from '../../store/workflows/remote-workers.js';
import type { REMOTE_WORKERS } from '../../wire/remote-workers.js';
import { ApiError } from '../api-error.js';
import type { Handlers } from '../handlers.js';
import { existingWorkflow } from './existing.js';

/** `[user@]host[:port]`; nothing that ssh would take for an option. */
const WORKER = /^(?:[\w.][\w.-]*@)?(?:[\w.][\w.-]*|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?$/;

export const remoteWorkerHandlers: Handlers<typeof REMOTE_WORKERS> = {
  add({ params, body }, context) {
    existingWorkflow(context, params.id);
    for (const worker of body) {
      if (!WORKER.test(worker)) {
        const message = `not the address of a worker: expected [user@]host[:port]`;
        throw new ApiError(422, message, { field: 'worker', value: worker });
      }
    }
    addRemoteWorkers(context.db, params.id, body);
    return body.map((worker) => ({ worker, workflow_id: params.id }));
  },
  list({ params }, context) {
    existingWorkflow(context, params.id);
    return remoteWorkers(context.db, params.id);
  },
  remove({ params: { id, worker } }, context) {
    existingWorkflow(context, id);
    if (!removeRemoteWorker(context.db, id, worker)) {
      throw new ApiError(404, `Remote worker not found in workflow ${id}: ${worker}`);
    }
    return { worker, workflow_id: id };
  },
};
