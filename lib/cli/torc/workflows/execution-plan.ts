import { executionPlan } from '../../../workflow/plan/execution-plan.js';
import { planJson } from '../../../workflow/plan/plan-json.js';
import { planText } from '../../../workflow/plan/plan-text.js';
import { path, required } from '../../tree/option.js';
import { command } from '../command.js';
import { planInputOf } from './plan-source.js';

export const showExecutionPlan = command({
  name: 'execution-plan',
  summary: 'Show which jobs become ready when, and when allocations are asked for',
  positionals: { 'spec-or-id': required(path('A specification, or the id of a workflow')) },
  examples: [
    { text: 'Before it is created; needs no server', command: 'torc workflows execution-plan workflow.yaml' },
    { text: 'Of workflow 1', command: 'torc workflows execution-plan 1' },
  ],
  async run({ specOrId: word }, session) {
    const { input, source } = await planInputOf(session, word);
    const plan = executionPlan(input);
    session.show(planJson(plan, source), () => `${planText(plan)}\n`);
  },
});
