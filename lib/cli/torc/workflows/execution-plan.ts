import { path, required } from '../../tree/option.js';
import { command } from '../command.js';

export const showExecutionPlan = command({
  name: 'execution-plan',
  summary: 'Show which jobs become ready when, and when allocations are asked for',
  positionals: { 'spec-or-id': required(path('A specification, or the id of a workflow')) },
  examples: [
    { text: 'Before it is created; needs no server', command: 'torc workflows execution-plan workflow.yaml' },
    { text: 'Of workflow 1', command: 'torc workflows execution-plan 1' },
  ],
  async run({ specOrId: word }, session) {
    const [{ planInputOf }, { executionPlan }, { planJson }, { planText }] = await Promise.all([
      import('./plan-source.js'),
      import('../../../workflow/plan/execution-plan.js'),
      import('../../../workflow/plan/plan-json.js'),
      import('../../../workflow/plan/plan-text.js'),
    ]);
    const { input, source } = await planInputOf(session, word);
    const plan = executionPlan(input);
    session.show(planJson(plan, source), () => `${planText(plan)}\n`);
  },
});
