import { listAll } from '../../../client/all.js';
import type { Client } from '../../../client/client.js';
import { type ExecutionPlan, executionPlan } from '../../../workflow/plan/execution-plan.js';
import { planInputOfModel } from '../../../workflow/plan/plan-input.js';
import { type PlanSource, planJson } from '../../../workflow/plan/plan-json.js';
import { planInputOfRecords } from '../../../workflow/plan/plan-of-records.js';
import { planText } from '../../../workflow/plan/plan-text.js';
import { path, required } from '../../tree/option.js';
import { command } from '../command.js';
import { specOrId } from '../spec-or-id.js';
import { readModel } from '../spec-upload.js';

export const showExecutionPlan = command({
  name: 'execution-plan',
  summary: 'Show which jobs become ready when, and when allocations are asked for',
  positionals: { 'spec-or-id': required(path('A specification, or the id of a workflow')) },
  examples: [
    { text: 'Before it is created; needs no server', command: 'torc workflows execution-plan workflow.yaml' },
    { text: 'Of workflow 1', command: 'torc workflows execution-plan 1' },
  ],
  async run({ specOrId: word }, session) {
    const target = specOrId(word);
    const [plan, source]: [ExecutionPlan, PlanSource] =
      target.kind === 'spec'
        ? [
            executionPlan(planInputOfModel(readModel(target.file, { skipChecks: true }))),
            { source: 'spec_file' },
          ]
        : [await planOf(await session.client(), target.id), { source: 'database', workflow_id: target.id }];
    session.show(planJson(plan, source), () => `${planText(plan)}\n`);
  },
});

async function planOf(client: Client, id: number): Promise<ExecutionPlan> {
  const of = { workflow_id: id };
  const [workflow, jobs, actions, slurmSchedulers] = await Promise.all([
    client.workflows.get({ id }),
    listAll(client.jobs.list, { ...of, include_relationships: true }),
    client.actions.list({ id }),
    listAll(client.slurmSchedulers.list, of),
  ]);
  return executionPlan(planInputOfRecords({ workflow, jobs, actions, slurmSchedulers }));
}
