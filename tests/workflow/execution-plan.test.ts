import fc from 'fast-check';
import t from 'tap';
import { AfterokError } from '../../lib/errors.js';
import type { GraphJob } from '../../lib/workflow/graph/edge-sources.js';
import { type ExecutionPlan, executionPlan } from '../../lib/workflow/plan/execution-plan.js';
import type { PlannedAllocation } from '../../lib/workflow/plan/plan-input.js';
import { planJson } from '../../lib/workflow/plan/plan-json.js';
import { planText } from '../../lib/workflow/plan/plan-text.js';
import { acyclicJobs, job, jobs, waitsFor } from './plain-jobs.js';

fc.configureGlobal({ seed: 20260122 });

function plan(all: readonly GraphJob[], allocations: readonly PlannedAllocation[] = []): ExecutionPlan {
  return executionPlan({ workflowName: 'demo', jobs: all, allocations });
}

function nodes(
  trigger: PlannedAllocation['trigger'],
  about: readonly string[] | null,
  scheduler: string,
): PlannedAllocation {
  return { trigger, jobs: about, scheduler, schedulerType: 'slurm', count: 1 };
}

function names(list: readonly GraphJob[]): string[] {
  return list.map(({ name }) => name);
}

/** Two pipelines that meet at the end, with an allocation for each step. */
const WORK_A = jobs('work_a', 5, { inputFiles: ['a'], outputFiles: ['work a'] });
const WORK_B = jobs('work_b', 5, { inputFiles: ['b'], outputFiles: ['work b'] });
const PIPELINES = [
  job('final', { dependsOn: ['post_a', 'post_b'] }),
  job('prep_a', { outputFiles: ['a'] }),
  job('prep_b', { outputFiles: ['b'] }),
  ...WORK_A,
  ...WORK_B,
  job('post_a', { inputFiles: ['work a'] }),
  job('post_b', { inputFiles: ['work b'] }),
];
const ALLOCATIONS = [
  nodes('on_workflow_start', null, 'prep_sched'),
  nodes('on_jobs_ready', names(WORK_A), 'work_a_sched'),
  nodes('on_jobs_ready', names(WORK_B), 'work_b_sched'),
  nodes('on_jobs_ready', ['post_a'], 'post_a_sched'),
  nodes('on_jobs_ready', ['post_b'], 'post_b_sched'),
  nodes('on_jobs_ready', ['final'], 'final_sched'),
];

t.test('the text of two pipelines that merge', async (t) => {
  t.equal(
    planText(plan(PIPELINES, ALLOCATIONS)),
    `Workflow: demo
Total Jobs: 15

▶ Stage 1: Workflow Start
  Scheduler Allocations:
    • prep_sched (slurm) - 1 allocation(s)
  Jobs Becoming Ready:
    • prep_a
    • prep_b

→ Stage 2: When jobs 'prep_a', 'prep_b' complete
  Scheduler Allocations:
    • work_a_sched (slurm) - 1 allocation(s)
    • work_b_sched (slurm) - 1 allocation(s)
  Jobs Becoming Ready:
    • work_a_{1..5}
    • work_b_{1..5}

→ Stage 3: When 10 jobs complete
  Scheduler Allocations:
    • post_a_sched (slurm) - 1 allocation(s)
    • post_b_sched (slurm) - 1 allocation(s)
  Jobs Becoming Ready:
    • post_a
    • post_b

→ Stage 4: When jobs 'post_a', 'post_b' complete
  Scheduler Allocations:
    • final_sched (slurm) - 1 allocation(s)
  Jobs Becoming Ready:
    • final

Total Stages: 4`,
  );
});

t.test('the text without schedulers', async (t) => {
  const all = [
    job('preprocess'),
    ...jobs('work', 5, { dependsOn: ['preprocess'] }),
    job('postprocess', { dependsOn: names(jobs('work', 5)) }),
  ];
  t.equal(
    planText(plan(all)),
    `Workflow: demo
Total Jobs: 7

▶ Stage 1: Workflow Start
  Jobs Becoming Ready:
    • preprocess

→ Stage 2: When job 'preprocess' completes
  Jobs Becoming Ready:
    • work_{1..5}

→ Stage 3: When 5 jobs complete
  Jobs Becoming Ready:
    • postprocess

Total Stages: 3`,
  );
});

t.test('the text of independent parts', async (t) => {
  const all = [job('a1'), job('a2', { dependsOn: ['a1'] }), job('b1'), job('b2', { dependsOn: ['b1'] })];
  t.match(
    planText(plan([...all, ...jobs('alone', 3)])),
    /Total Stages: 2\nSubgraphs: 5\n {2}Independent Parts:\n {4}• a1, a2\n {4}• b1, b2\n {4}• 3 jobs without any dependency$/,
  );
});

t.test('a long list is cut, hostile names stay on their line', async (t) => {
  const apart = Array.from({ length: 70 }, (_, index) => job(`x${index * 2}`));
  t.match(planText(plan(apart)), /• x98\n {4}… and 20 more \(-f json lists them\)\n/);
  t.ok(planText(plan([job('a\n\u001b[2Jb')])).includes('    • a\\n\\u{1b}[2Jb\n'));
});

t.test('JSON: events by what is waited for', async (t) => {
  const json = planJson(plan(PIPELINES, ALLOCATIONS), { source: 'database', workflow_id: 7 });
  t.match(json, {
    status: 'success',
    source: 'database',
    workflow_id: 7,
    workflow_name: 'demo',
    total_events: 6,
    total_jobs: 15,
    root_events: ['start'],
    leaf_events: ['after_post_jobs'],
    total_stages: 4,
    total_subgraphs: 1,
  });
  t.same(
    json.events.map(({ id, depends_on_events, unlocks_events }) => [id, depends_on_events, unlocks_events]),
    [
      ['start', [], ['after_prep_a', 'after_prep_b']],
      ['after_prep_a', ['start'], ['after_work_a_jobs']],
      ['after_prep_b', ['start'], ['after_work_b_jobs']],
      ['after_work_a_jobs', ['after_prep_a'], ['after_post_jobs']],
      ['after_work_b_jobs', ['after_prep_b'], ['after_post_jobs']],
      ['after_post_jobs', ['after_work_a_jobs', 'after_work_b_jobs'], []],
    ],
  );
  t.same(json.events[0]?.trigger, { type: 'WorkflowStart' });
  t.same(json.events[1], {
    id: 'after_prep_a',
    trigger: { type: 'JobsComplete', data: { jobs: ['prep_a'] } },
    trigger_description: "When job 'prep_a' completes",
    scheduler_allocations: [
      { scheduler: 'work_a_sched', scheduler_type: 'slurm', num_allocations: 1, job_names: names(WORK_A) },
    ],
    jobs_becoming_ready: names(WORK_A),
    depends_on_events: ['start'],
    unlocks_events: ['after_work_a_jobs'],
  });
  t.same(json.stages[2], {
    stage: 3,
    trigger_description: 'When 10 jobs complete',
    events: ['after_work_a_jobs', 'after_work_b_jobs'],
  });
});

const CHAIN = [
  job('a'),
  job('b', { dependsOn: ['a'] }),
  job('c', { dependsOn: ['b'] }),
  job('d', { dependsOn: ['a'] }),
];

/** Trigger, jobs of the action, the events in which it fires and the jobs that it is said to be for. */
const PLACED: [PlannedAllocation['trigger'], string[] | null, [string, string[]][]][] = [
  ['on_workflow_start', null, [['start', ['a']]]],
  ['on_worker_start', null, [['start', ['a']]]],
  ['on_jobs_ready', ['c'], [['after_b', ['c']]]],
  ['on_jobs_ready', ['d', 'b', 'b'], [['after_a', ['b', 'd']]]],
  ['on_jobs_ready', ['c', 'a'], [['after_b', ['a', 'c']]]],
  ['on_jobs_ready', [], []],
  ['on_jobs_ready', null, []],
  ['on_jobs_complete', ['a'], [['after_a', ['a']]]],
  ['on_jobs_complete', ['c'], [['after_c', ['c']]]],
  ['on_jobs_complete', ['c', 'a'], [['after_a_and_1_more', ['a', 'c']]]],
  ['on_jobs_complete', null, []],
  ['on_workflow_complete', null, [['after_c_and_1_more', []]]],
  ['on_worker_complete', null, [['after_c_and_1_more', []]]],
];

t.test('an action fires in one event', async (t) => {
  for (const [trigger, about, placed] of PLACED) {
    const { events } = plan(CHAIN, [nodes(trigger, about, 's')]);
    const found = events.flatMap(({ id, allocations }) => allocations.map((one) => [id, one.jobs]));
    t.same(found, placed, `${trigger} ${about}`);
  }
});

t.test('an event in which no job becomes ready has its place', async (t) => {
  const { events, stages } = plan(CHAIN, [
    nodes('on_jobs_complete', ['c'], 's'),
    nodes('on_jobs_complete', ['b', 'd'], 's'),
  ]);
  t.same(
    events.map(({ id, dependsOn, unlocks }) => [id, dependsOn, unlocks]),
    [
      ['start', [], ['after_a']],
      ['after_a', ['start'], ['after_b', 'after_b_and_1_more']],
      ['after_b', ['after_a'], ['after_c']],
      ['after_b_and_1_more', ['after_a'], []],
      ['after_c', ['after_b'], []],
    ],
  );
  t.same(
    stages.map(({ waitsFor, jobsBecomingReady }) => [waitsFor, jobsBecomingReady]),
    [
      [[], ['a']],
      [['a'], ['b', 'd']],
      [['b', 'd'], ['c']],
      [['c'], []],
    ],
  );
});

t.test('a workflow without jobs starts', async (t) => {
  t.equal(
    planText(plan([])),
    'Workflow: demo\nTotal Jobs: 0\n\n▶ Stage 1: Workflow Start\n\nTotal Stages: 1',
  );
});

t.test('a cycle is refused, with its jobs', async (t) => {
  const all = [job('a', { dependsOn: ['b'] }), job('b', { dependsOn: ['a'] }), job('c')];
  t.throws(() => plan(all), AfterokError);
  t.throws(() => plan(all), {
    code: 'cyclic-workflow',
    message: "circular dependency: 'a' → 'b' (depends_on) → 'a' (depends_on)",
  });
});

t.test('every job becomes ready in one event, behind exactly what it waits for', async () => {
  fc.assert(
    fc.property(acyclicJobs, (all) => {
      const { events, stages } = plan(all);
      const ready = events.flatMap(({ jobsBecomingReady }) => jobsBecomingReady);
      const staged = stages.flatMap(({ jobsBecomingReady }) => jobsBecomingReady);
      return (
        sameNames(ready, names(all)) &&
        sameNames(staged, names(all)) &&
        new Set(events.map(({ id }) => id)).size === events.length &&
        events.every(({ trigger, jobsBecomingReady }) =>
          all
            .filter(({ name }) => jobsBecomingReady.includes(name))
            .every((one) =>
              sameNames(names(waitsFor(all, one)), trigger.type === 'WorkflowStart' ? [] : trigger.jobs),
            ),
        )
      );
    }),
  );
});

t.test('links between events go both ways, and only to earlier stages', async () => {
  fc.assert(
    fc.property(acyclicJobs, (all) => {
      const { events } = plan(all);
      const place = new Map(events.map(({ id }, index) => [id, index]));
      return events.every(({ id, dependsOn, unlocks }, index) => {
        const before = dependsOn.map((other) => place.get(other) ?? Number.NaN);
        return (
          (id === 'start') === (dependsOn.length === 0) &&
          before.every((other) => other < index && events[other]?.unlocks.includes(id)) &&
          unlocks.every((other) => events[place.get(other) ?? -1]?.dependsOn.includes(id))
        );
      });
    }),
  );
});

t.test('the order in which jobs come in has no influence', async () => {
  const shuffled = acyclicJobs.chain((all) =>
    fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
  );
  fc.assert(
    fc.property(shuffled, ([all, others]) => JSON.stringify(plan(all)) === JSON.stringify(plan(others))),
  );
});

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join() === b.toSorted().join();
}
