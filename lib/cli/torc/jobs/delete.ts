import type { JobModel } from '../../../wire/jobs.js';
import { integer, repeated, required } from '../../tree/option.js';
import { command } from '../command.js';

export const deleteJobs = command({
  name: 'delete',
  summary: 'Delete jobs',
  positionals: { ids: repeated(required(integer('The jobs'))) },
  examples: [{ text: 'Jobs 7 and 8', command: 'torc jobs delete 7 8' }],
  async run({ ids }, session) {
    const { jobs } = await session.client();
    const { ApiResponseError } = await import('../../../client/client-errors.js');
    const found: JobModel[] = [];
    const missing: number[] = [];
    // All of them or none: a wrong id is told before anything is deleted.
    for (const id of ids) {
      try {
        found.push(await jobs.get({ id }));
      } catch (error) {
        if (!(error instanceof ApiResponseError) || error.status !== 404) throw error;
        missing.push(id);
      }
    }
    if (missing.length > 0) {
      const message = `Job not found with ID: ${missing.join(', ')}`;
      session.show({ error: message, missing_ids: missing }, () => '');
      session.fail(message);
      return 1;
    }
    for (const id of ids) await jobs.remove({ id });
    session.show({ jobs: found }, () =>
      found.map(({ id, name }) => `Deleted job ${id} (${name})\n`).join(''),
    );
    return 0;
  },
});
