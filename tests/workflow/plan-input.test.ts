import fc from 'fast-check';
import t from 'tap';
import type { WorkflowActionModel } from '../../lib/wire/actions.js';
import type { JobModel } from '../../lib/wire/jobs.js';
import type { SlurmSchedulerModel } from '../../lib/wire/schedulers.js';
import type { GraphJob } from '../../lib/workflow/graph/edge-sources.js';
import { JobGraph } from '../../lib/workflow/graph/job-graph.js';
import type { WorkflowModel } from '../../lib/workflow/model.js';
import { executionPlan } from '../../lib/workflow/plan/execution-plan.js';
import { planInputOfModel } from '../../lib/workflow/plan/plan-input.js';
import { planInputOfRecords, type WorkflowRecords } from '../../lib/workflow/plan/plan-of-records.js';
import { acyclicJobs, job } from './plain-jobs.js';

fc.configureGlobal({ seed: 20260125 });

function model(jobs: readonly GraphJob[], actions: WorkflowModel['actions']): WorkflowModel {
  const plain = {
    command: 'true',
    invocationScript: null,
    cancelOnBlockingJobFailure: true,
    supportsTermination: false,
    resourceRequirements: null,
    failureHandler: null,
    scheduler: null,
  };
  return {
    settings: { name: 'demo' },
    jobs: jobs.map((one) => ({
      ...plain,
      name: one.name,
      dependsOn: [...one.dependsOn],
      inputFiles: [...one.inputFiles],
      outputFiles: [...one.outputFiles],
      inputUserData: [...one.inputUserData],
      outputUserData: [...one.outputUserData],
    })),
    files: [],
    userData: [],
    resourceRequirements: [],
    failureHandlers: [],
    slurmSchedulers: [
      { name: 'small', account: 'x' },
      { name: 'large', account: 'x' },
    ],
    actions,
  };
}

/** The records that a server keeps of a model: ids in another order than the jobs', some edges already resolved. */
function records({ jobs, actions, slurmSchedulers }: WorkflowModel): WorkflowRecords {
  const ids = (names: readonly string[], all: readonly string[]) =>
    names.map((name) => all.indexOf(name) + 100);
  const jobNames = jobs.map(({ name }) => name).reverse();
  const files = [...new Set(jobs.flatMap(({ inputFiles, outputFiles }) => [...inputFiles, ...outputFiles]))];
  const data = [...new Set(jobs.flatMap((one) => [...one.inputUserData, ...one.outputUserData]))];
  const schedulers = slurmSchedulers.map(({ name }) => name);
  return {
    workflow: { name: 'demo' },
    jobs: jobs.toReversed().map((one) => ({
      id: ids([one.name], jobNames)[0] ?? 0,
      name: one.name,
      depends_on_job_ids: ids([...one.dependsOn, ...one.inputFiles], jobNames),
      input_file_ids: ids(one.inputFiles, files),
      output_file_ids: ids(one.outputFiles, files),
      input_user_data_ids: ids(one.inputUserData, data),
      output_user_data_ids: ids(one.outputUserData, data),
    })),
    slurmSchedulers: schedulers.map((name) => ({ name, id: ids([name], schedulers)[0] ?? 0 })),
    actions: actions.map((action) => ({
      trigger_type: action.trigger_type,
      action_type: action.action_type,
      action_config: {
        scheduler_type: action.scheduler_type,
        scheduler_id: ids([action.scheduler ?? ''], schedulers)[0],
        num_allocations: action.num_allocations ?? 1,
      },
      job_ids: action.jobs === null ? null : ids(action.jobs, jobNames),
    })),
  };
}

t.test('a specification and its records give the same plan', async () => {
  fc.assert(
    fc.property(acyclicJobs, (jobs) => {
      const about = jobs.slice(0, 2).map(({ name }) => name);
      const nodes = { action_type: 'schedule_nodes', scheduler_type: 'slurm' } as const;
      const written = model(jobs, [
        { ...nodes, trigger_type: 'on_workflow_start', scheduler: 'small', jobs: null },
        { ...nodes, trigger_type: 'on_jobs_ready', scheduler: 'large', jobs: about, num_allocations: 3 },
        { ...nodes, trigger_type: 'on_jobs_complete', scheduler: 'large', jobs: about },
        { trigger_type: 'on_jobs_ready', action_type: 'run_commands', commands: ['true'], jobs: about },
      ]);
      const fromSpec = executionPlan(planInputOfModel(written));
      const fromRecords = executionPlan(planInputOfRecords(records(written)));
      return JSON.stringify(fromSpec) === JSON.stringify(fromRecords);
    }),
  );
});

t.test('allocations of a specification', async (t) => {
  const { allocations } = planInputOfModel(
    model(
      [job('a')],
      [
        {
          trigger_type: 'on_jobs_ready',
          action_type: 'schedule_nodes',
          scheduler: 'small',
          scheduler_type: 'slurm',
          num_allocations: 4,
          jobs: ['a'],
        },
        { trigger_type: 'on_workflow_start', action_type: 'run_commands', commands: ['true'], jobs: null },
      ],
    ),
  );
  t.same(allocations, [
    { trigger: 'on_jobs_ready', jobs: ['a'], scheduler: 'small', schedulerType: 'slurm', count: 4 },
  ]);
});

const ODD_CONFIGURATIONS = [null, undefined, 'text', [], {}, { scheduler_id: '1', num_allocations: 'many' }];

t.test('whatever a client sent as configuration', async (t) => {
  for (const action_config of ODD_CONFIGURATIONS) {
    const { allocations } = planInputOfRecords({
      workflow: { name: 'demo' },
      jobs: [{ id: 1, name: 'a' }],
      slurmSchedulers: [],
      actions: [{ trigger_type: 'on_workflow_start', action_type: 'schedule_nodes', action_config }],
    });
    t.same(allocations, [
      { trigger: 'on_workflow_start', jobs: null, scheduler: '', schedulerType: 'slurm', count: 1 },
    ]);
  }
});

t.test('actions of recoveries, of other kinds and with unknown triggers are left out', async (t) => {
  const plain = { trigger_type: 'on_jobs_ready', action_type: 'schedule_nodes', action_config: {} };
  const { allocations } = planInputOfRecords({
    workflow: { name: 'demo' },
    jobs: [{ id: 1, name: 'a' }],
    slurmSchedulers: [{ id: 4, name: 'small' }],
    actions: [
      { ...plain, is_recovery: true },
      { ...plain, action_type: 'run_commands' },
      { ...plain, trigger_type: 'on_full_moon' },
      { ...plain, action_config: { scheduler_id: 9 }, job_ids: [1, 2] },
    ],
  });
  t.match(allocations, [{ jobs: ['a'], scheduler: 'scheduler 9' }]);
  t.equal(allocations.length, 1);
});

t.test('answers of the API are records', async (t) => {
  const jobs: JobModel[] = [
    { id: 1, workflow_id: 1, name: 'same', command: 'true', output_file_ids: [5], scheduler_id: null },
    { id: 2, workflow_id: 1, name: 'same', command: 'true', depends_on_job_ids: [1, 77] },
    { id: 3, workflow_id: 1, name: 'same #2', command: 'true', depends_on_job_ids: [2], input_file_ids: [5] },
  ];
  const actions: WorkflowActionModel[] = [
    {
      workflow_id: 1,
      trigger_type: 'on_jobs_ready',
      action_type: 'schedule_nodes',
      action_config: {},
      job_ids: [2],
    },
  ];
  const slurmSchedulers: SlurmSchedulerModel[] = [];
  const answers = { workflow: { name: 'demo' }, jobs, actions, slurmSchedulers };
  const input = planInputOfRecords(answers);
  t.same(
    input.jobs.map(({ name, dependsOn, inputFiles }) => [name, dependsOn, inputFiles]),
    [
      ['same #1', [], []],
      ["same #2'", ['same #1'], []],
      ['same #2', ["same #2'"], ['#5']],
    ],
  );
  t.same(input.allocations[0]?.jobs, ["same #2'"]);
  const drawn = new JobGraph(planInputOfRecords({ ...answers, files: [{ id: 5, name: 'raw' }] }).jobs);
  t.same(
    [...drawn.reasons(2)],
    [
      [0, [{ kind: 'file', name: 'raw' }]],
      [1, [{ kind: 'depends_on' }]],
    ],
  );
});
