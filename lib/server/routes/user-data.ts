import { contains, equals } from '../../store/workflows/table.js';
import {
  linkUserData,
  USER_DATA_ENTRY,
  type UserDataRole,
  userDataOf,
} from '../../store/workflows/user-data.js';
import type { Query } from '../../wire/endpoint.js';
import type { USER_DATA, UserDataModel } from '../../wire/user-data.js';
import type { Handlers } from '../handlers.js';
import { collectionHandlers } from './collection.js';
import { belonging, existingWorkflow } from './existing.js';

const PLAIN = collectionHandlers<UserDataModel, Query<typeof USER_DATA.list>>({
  table: USER_DATA_ENTRY,
  noun: 'User data',
  conditions: ({ consumer_job_id: consumer, producer_job_id: producer, name, is_ephemeral: ephemeral }) => [
    userDataOf('consumer', consumer),
    userDataOf('producer', producer),
    contains('name', name),
    equals('is_ephemeral', ephemeral),
  ],
});

export const userDataHandlers: Handlers<typeof USER_DATA> = {
  ...PLAIN,
  create({ body, query }, context) {
    const workflow = body.workflow_id;
    existingWorkflow(context, workflow);
    const jobs: [UserDataRole, number | undefined][] = [
      ['consumer', query.consumer_job_id],
      ['producer', query.producer_job_id],
    ];
    for (const [role, job] of jobs) belonging(context, 'job', workflow, `${role}_job_id`, job);
    return context.db.write(() => {
      const entry = PLAIN.create({ body: { ...body, is_ephemeral: body.is_ephemeral ?? false } }, context);
      for (const [role, job] of jobs) {
        if (job !== undefined) linkUserData(context.db, role, job, { id: entry.id as number, workflow });
      }
      return entry;
    });
  },
  removeAll(request, context) {
    const { count } = PLAIN.removeAll(request, context);
    return { message: `Deleted ${count} user data entries`, deleted_count: count };
  },
};
