import { required, text } from '../../tree/option.js';
import { command } from '../command.js';
import { OWNER_OPTION } from './owner-option.js';
import { renderWorkflow, workflowJson } from './view.js';

export const newWorkflow = command({
  name: 'new',
  summary: 'Create a workflow without jobs, to be filled step by step',
  options: {
    name: required(text('Its name', { alias: 'n' })),
    description: text('What it is for', { alias: 'd' }),
    ...OWNER_OPTION,
  },
  examples: [
    { text: 'An empty one', command: 'torc workflows new --name my_workflow --description "A test"' },
  ],
  async run({ name, description, user }, session) {
    const { workflows } = await session.client();
    const workflow = await workflows.create({ body: { name, description, user: user ?? session.user } });
    session.show(workflowJson(workflow), () => renderWorkflow('Successfully created workflow:', workflow));
  },
});
