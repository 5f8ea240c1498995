import { integer, required, text, usage } from '../../tree/option.js';
import { command } from '../command.js';
import { renderOne } from '../record-command.js';
import { JOB } from './kind.js';

export const updateJob = command({
  name: 'update',
  summary: 'Change the name or the command of a job that is not initialised yet',
  positionals: { id: required(integer('The job')) },
  options: { name: text('New name', { alias: 'n' }), command: text('New command', { alias: 'c' }) },
  examples: [{ text: 'Another command', command: "torc jobs update 7 -c 'bash fixed.sh'" }],
  async run({ id, name, command: line }, session) {
    if (name === undefined && line === undefined) throw usage('nothing to change: give --name or --command');
    const { jobs } = await session.client();
    const { workflow_id, name: oldName, command: oldLine } = await jobs.get({ id });
    const body = { workflow_id, name: name ?? oldName, command: line ?? oldLine };
    const job = await jobs.update({ id, body });
    session.show(job, () => renderOne('Successfully updated job:', JOB, job));
  },
});
