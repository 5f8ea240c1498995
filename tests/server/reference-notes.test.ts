import t, { type Test } from 'tap';
import { Scene } from './scene.js';

// What the notes of the reference say of operations, where it is right; a client's mistake is 4xx.

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** A request, the status of its answer, and what must be in it. */
type Exchange = [method: Method, path: string, body: unknown, status: number, answer: unknown];

async function holds(scene: Scene, exchanges: readonly Exchange[], t: Test): Promise<void> {
  for (const [method, path, body, status, answer] of exchanges) {
    const reply = await scene.server.ask(method, path, body);
    t.match({ status: reply.status, json: reply.json }, { status, json: answer }, `${method} ${path}`);
  }
}

const NONE = undefined;
const JOB = { workflow_id: 1, name: 'j', command: 'true' };
const FILE = { workflow_id: 1, name: 'f', path: 'p' };
const NODE = {
  ...{
    workflow_id: 1,
    hostname: 'n',
    pid: 1,
    start_time: '2026-11-21T10:00:00Z',
    compute_node_type: 'local',
  },
  ...{ num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1 },
};
const NEEDS = {
  workflow_id: 1,
  name: 'r',
  num_cpus: 1,
  num_gpus: 0,
  num_nodes: 1,
  memory: '1g',
  runtime: 'PT1H',
};

t.test('workflows', async (t) => {
  const scene = await Scene.open(t);
  await holds(
    scene,
    [
      ['POST', '/workflows', { name: 'v', user: 'u' }, 200, { id: 2, status_id: 2, name: 'v' }],
      [
        'GET',
        '/workflows/2',
        NONE,
        200,
        {
          compute_node_expiration_buffer_seconds: 60,
          compute_node_wait_for_new_jobs_seconds: 90,
          compute_node_ignore_workflow_completion: false,
          compute_node_wait_for_healthy_database_minutes: 20,
          compute_node_min_time_for_new_jobs_seconds: 300,
          jobs_sort_method: 'gpus_runtime_memory',
        },
      ],
      [
        'GET',
        '/resource_requirements?workflow_id=2',
        NONE,
        200,
        {
          items: [
            { name: 'default', num_cpus: 1, num_gpus: 0, num_nodes: 1, memory: '1m', runtime: 'P0DT1M' },
          ],
        },
      ],
      [
        'GET',
        '/workflows?limit=1',
        NONE,
        200,
        { offset: 0, max_limit: 10_000, count: 1, total_count: 2, has_more: true },
      ],
      ['GET', '/workflows?limit=10001', NONE, 400, { error: { message: String } }],
      ['GET', '/workflows?sort_by=evil', NONE, 400, { error: { message: String } }],
      ['GET', '/workflows?is_archived=1', NONE, 400, { error: { message: String } }],
      ['GET', '/workflows?nobody=knows&offset=0&offset=1', NONE, 200, { count: 2 }],
      ['GET', '/workflows/x', NONE, 400, { error: { message: String } }],
      ['GET', '/workflows/9', NONE, 404, { error: { message: 'Workflow not found with ID: 9' } }],
      ['GET', '/workflows/9/status', NONE, 404, { error: { message: /not found with ID: 9/ } }],
      ['GET', '/workflows/9/is_complete', NONE, 404, { error: { message: String } }],
      ['GET', '/workflows/2/is_complete', NONE, 200, { is_complete: true, is_canceled: false }],
      ['GET', '/workflows/2/is_uninitialized', NONE, 200, { is_uninitialized: true }],
      ['PUT', '/workflows/2', { name: 'w2', user: 'u', description: null }, 200, { name: 'w2' }],
      ['PUT', '/workflows/2', { description: 'only' }, 400, { error: { message: String } }],
      ['PUT', '/workflows/2/status', { run_id: 3 }, 400, { error: { message: String } }],
      [
        'PUT',
        '/workflows/2/status',
        { run_id: 3, is_canceled: false },
        200,
        { run_id: 3, is_archived: false },
      ],
      [
        'PUT',
        '/workflows/2/status',
        { run_id: 3, is_canceled: false, is_archived: true },
        200,
        { is_archived: true },
      ],
      ['POST', '/workflows/2/reset_status?force=true', {}, 422, { error: { message: String } }],
      ['GET', '/workflows?is_archived=true', NONE, 200, { total_count: 1, items: [{ id: 2 }] }],
      ['GET', '/workflows/1/job_ids', NONE, 200, { job_ids: [], count: 0 }],
      ['PUT', '/workflows/1/cancel', {}, 200, { id: 1, is_canceled: true }],
      [
        'GET',
        '/events?workflow_id=1',
        NONE,
        200,
        { items: [{ data: { category: 'workflow_canceled', workflow_id: 1 } }] },
      ],
      [
        'POST',
        '/workflows/1/claim_jobs_based_on_resources/5',
        { num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1 },
        200,
        { jobs: [], reason: 'Workflow is canceled' },
      ],
      [
        'POST',
        '/workflows/1/reset_status',
        {},
        200,
        {
          id: 1,
          run_id: 0,
          is_canceled: false,
          is_archived: false,
          has_detected_need_to_run_completion_script: false,
        },
      ],
      ['POST', '/workflows/9/reset_job_status', {}, 404, { error: { message: String } }],
      [
        'POST',
        '/workflows/1/reset_job_status?failed_only=true',
        {},
        200,
        { workflow_id: 1, updated_count: 0, status: 'uninitialized', reset_type: 'failed_only' },
      ],
      ['DELETE', '/workflows/2', {}, 200, { id: 2 }],
      ['GET', '/workflows/1/latest_event_timestamp', NONE, 405, {}],
    ],
    t,
  );
});

t.test('jobs', async (t) => {
  const scene = await Scene.open(t);
  await holds(
    scene,
    [
      [
        'POST',
        '/jobs',
        { ...JOB, status: 'completed', attempt_id: 7 },
        200,
        { id: 1, status: 'uninitialized', scheduler_id: null },
      ],
      [
        'GET',
        '/jobs/1',
        NONE,
        200,
        {
          attempt_id: 1,
          resource_requirements_id: 1,
          cancel_on_blocking_job_failure: true,
          supports_termination: false,
        },
      ],
      [
        'POST',
        '/jobs',
        { ...JOB, name: 'k', depends_on_job_ids: [1] },
        200,
        { id: 2, depends_on_job_ids: [1] },
      ],
      ['POST', '/jobs', { ...JOB, depends_on_job_ids: [99] }, 422, { error: { message: String } }],
      ['POST', '/bulk_jobs', { jobs: [] }, 200, { jobs: [] }],
      [
        'POST',
        '/bulk_jobs',
        { jobs: [JOB, { ...JOB, workflow_id: 2 }] },
        422,
        { error: { message: String } },
      ],
      ['GET', '/jobs', NONE, 400, { error: { message: /workflow_id/ } }],
      ['GET', '/jobs?workflow_id=1&upstream_job_id=1', NONE, 200, { total_count: 1, items: [{ id: 2 }] }],
      ['GET', '/jobs?workflow_id=1&status=READY', NONE, 400, { error: { message: String } }],
      ['PUT', '/jobs/2', { ...JOB, name: 'kk' }, 200, { name: 'kk' }],
      ['PUT', '/jobs/2', { ...JOB, input_file_ids: [1] }, 422, { error: { message: String } }],
      ['PUT', '/jobs/2', { ...JOB, name: 'kk', status: 'ready' }, 422, { error: { message: String } }],
      ['POST', '/workflows/1/initialize_jobs', {}, 200, { message: 'Initialized job status' }],
      ['PUT', '/jobs/1', { ...JOB, name: 'renamed' }, 422, { error: { message: String } }],
      ['PUT', '/jobs/1/start_job/0/1', {}, 422, { error: { message: String } }],
      ['POST', '/workflows/1/claim_next_jobs?limit=5', {}, 200, { jobs: [{ id: 1, status: 'pending' }] }],
      ['PUT', '/jobs/1/start_job/4/1', {}, 422, { error: { message: String } }],
      ['PUT', '/jobs/1/start_job/0/1', {}, 200, { id: 1, status: 'running' }],
      ['GET', '/jobs?workflow_id=1&active_compute_node_id=1', NONE, 200, { items: [{ id: 1 }] }],
      ['PUT', '/jobs/1/manage_status_change/completed/0', {}, 422, { error: { message: String } }],
      ['PUT', '/jobs/1/manage_status_change/running/0', {}, 200, { status: 'running' }],
      ['POST', '/jobs/1/retry/0', NONE, 400, { error: { message: /max_retries/ } }],
      ['POST', '/jobs/1/retry/0?max_retries=3', {}, 200, { id: 1, status: 'ready', attempt_id: 2 }],
      ['POST', '/jobs/1/retry/0?max_retries=3', {}, 422, { error: { message: String } }],
      ['GET', '/events?workflow_id=1&category=job_retried', NONE, 200, { total_count: 1 }],
      ['POST', '/jobs/1/complete_job/ready/0', {}, 400, { error: { message: String } }],
      ['DELETE', '/jobs/2', {}, 200, { id: 2, name: 'kk' }],
      ['DELETE', '/jobs?workflow_id=1', {}, 200, { count: 1 }],
      ['DELETE', '/jobs', {}, 400, { error: { message: String } }],
    ],
    t,
  );
});

t.test('records of a workflow', async (t) => {
  const scene = await Scene.open(t);
  await scene.job('j');
  await holds(
    scene,
    [
      ['POST', '/files', { ...FILE, st_mtime: 1.5 }, 200, { id: 1, st_mtime: 1.5 }],
      ['PUT', '/files/1', FILE, 200, { st_mtime: undefined }],
      ['GET', '/files?workflow_id=1&name=f&path=p', NONE, 200, { total_count: 1 }],
      ['GET', '/files?workflow_id=1&is_output=true', NONE, 200, { total_count: 0 }],
      ['DELETE', '/files?workflow_id=1', {}, 200, { deleted_count: 1 }],
      ['GET', '/files/9', NONE, 404, { error: { message: 'File not found with ID: 9' } }],
      [
        'POST',
        '/user_data?consumer_job_id=1',
        { workflow_id: 1, name: 'data', data: null },
        200,
        { id: 1, data: undefined },
      ],
      ['GET', '/user_data?workflow_id=1&name=at', NONE, 200, { items: [{ id: 1 }] }],
      ['GET', '/user_data?workflow_id=1&consumer_job_id=1', NONE, 200, { total_count: 1 }],
      ['GET', '/workflows/1/missing_user_data', NONE, 200, { user_data: [1] }],
      ['PUT', '/user_data/1', { workflow_id: 1, name: 'data', data: { x: 1 } }, 200, { data: { x: 1 } }],
      ['PUT', '/user_data/1', { workflow_id: 1, name: 'data', data: null }, 200, { data: { x: 1 } }],
      ['DELETE', '/user_data?workflow_id=1', {}, 200, { message: String, deleted_count: 1 }],
      [
        'POST',
        '/resource_requirements',
        { ...NEEDS, memory: '1.5g' },
        422,
        { error: { field: 'memory', value: '1.5g' } },
      ],
      [
        'POST',
        '/resource_requirements',
        { ...NEEDS, runtime: '1h' },
        422,
        { error: { field: 'runtime', value: '1h' } },
      ],
      ['POST', '/resource_requirements', { ...NEEDS, name: 'default' }, 422, { error: { message: String } }],
      ['POST', '/resource_requirements', NEEDS, 200, { id: 2 }],
      ['PUT', '/resource_requirements/2', { ...NEEDS, memory: 'x' }, 422, { error: { field: 'memory' } }],
      ['PUT', '/resource_requirements/2', { ...NEEDS, num_cpus: 3 }, 200, { num_cpus: 3 }],
      ['GET', '/resource_requirements?workflow_id=1&runtime=3600', NONE, 200, { items: [{ id: 2 }] }],
      ['GET', '/resource_requirements?workflow_id=1&job_id=1', NONE, 200, { items: [{ name: 'default' }] }],
      [
        'GET',
        '/events?workflow_id=1',
        NONE,
        200,
        { items: [{ data: { category: 'user_action', action: 'update_resource_requirements' } }] },
      ],
      ['POST', '/failure_handlers', { workflow_id: 1, name: 'h', rules: '[]' }, 200, { id: 1 }],
      ['DELETE', '/failure_handlers/1', {}, 200, { message: String }],
      ['PUT', '/failure_handlers/1', {}, 405, {}],
      [
        'POST',
        '/events',
        { workflow_id: 1, timestamp: 5, data: { a: 1 } },
        200,
        { timestamp: 1_795_000_000_000 },
      ],
      ['POST', '/events', { workflow_id: 1, data: {} }, 400, { error: { message: String } }],
      ['PUT', '/events/2', { b: 2 }, 200, { data: { b: 2 } }],
      ['GET', '/events?workflow_id=1&after_timestamp=1795000000000', NONE, 200, { total_count: 0 }],
      ['DELETE', '/events?workflow_id=1', {}, 200, { count: 2 }],
      ['POST', '/compute_nodes', NODE, 200, { id: 2, is_active: false }],
      [
        'GET',
        '/compute_nodes?workflow_id=1&hostname=n&is_active=false',
        NONE,
        200,
        { total_count: 1, items: [{ is_active: false }] },
      ],
      [
        'POST',
        '/slurm_schedulers',
        { workflow_id: 1, account: 'a', nodes: 1, walltime: '04:00:00' },
        422,
        { error: { message: String } },
      ],
      [
        'POST',
        '/slurm_schedulers',
        { workflow_id: 1, name: 's', account: 'a', nodes: 1, walltime: '04:00:00' },
        200,
        { id: 1 },
      ],
      ['GET', '/slurm_schedulers?workflow_id=1&account=b', NONE, 200, { total_count: 0 }],
      ['POST', '/local_schedulers', { workflow_id: 1, name: 'l', memory: '1g', num_cpus: 2 }, 200, { id: 1 }],
      [
        'POST',
        '/scheduled_compute_nodes',
        {
          workflow_id: 9,
          scheduler_id: 1,
          scheduler_config_id: 1,
          scheduler_type: 'slurm',
          status: 'pending',
        },
        404,
        { error: { message: String } },
      ],
    ],
    t,
  );
});

t.test('actions, workers and groups', async (t) => {
  const scene = await Scene.open(t);
  const action = { workflow_id: 1, trigger_type: 'on_workflow_start', action_type: 'run_commands' };
  await holds(
    scene,
    [
      [
        'POST',
        '/workflows/1/actions',
        { ...action, action_config: { commands: [] } },
        422,
        { error: { message: /action_config/ } },
      ],
      [
        'POST',
        '/workflows/1/actions',
        { ...action, action_config: { commands: ['x'], more: 1 } },
        422,
        { error: { message: /action_config/ } },
      ],
      ['POST', '/workflows/1/actions', { workflow_id: 1 }, 400, { error: { message: String } }],
      [
        'POST',
        '/workflows/1/actions',
        { ...action, action_config: { commands: ['x'] } },
        200,
        { id: 1, executed: false },
      ],
      ['GET', '/workflows/1/actions', NONE, 200, [{ id: 1, required_triggers: 1 }]],
      ['POST', '/workflows/1/initialize_jobs', {}, 200, {}],
      [
        'GET',
        '/workflows/1/actions/pending?trigger_type=on_jobs_ready&trigger_type=on_workflow_start',
        NONE,
        200,
        [{ id: 1 }],
      ],
      [
        'POST',
        '/workflows/1/actions/1/claim',
        { compute_node_id: null },
        200,
        { claimed: true, action_id: 1 },
      ],
      ['POST', '/workflows/1/actions/1/claim', {}, 409, { error: { claimed: false } }],
      [
        'POST',
        '/workflows/1/actions/8/claim',
        {},
        404,
        { error: { message: 'Action not found with ID: 8' } },
      ],
      [
        'POST',
        '/workflows/1/remote_workers',
        ['a@b:22', 'a@b:22'],
        201,
        [{ worker: 'a@b:22', workflow_id: 1 }],
      ],
      ['DELETE', '/workflows/1/remote_workers/a%40b%3A22', NONE, 200, { worker: 'a@b:22' }],
      [
        'POST',
        '/access_groups',
        { name: 'team' },
        200,
        { id: 1, created_at: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/ },
      ],
      ['POST', '/access_groups', { name: 'team' }, 409, { error: { error: 'Conflict' } }],
      ['POST', '/access_groups/1/members', { user_name: 'bob', group_id: 1 }, 200, { role: 'member' }],
      [
        'GET',
        '/access_groups/1/members',
        NONE,
        200,
        { offset: 0, limit: 10_000, total_count: 1, has_more: false },
      ],
      ['GET', '/access_groups/8/members', NONE, 404, { error: { message: String } }],
      ['POST', '/workflows/1/access_groups/1', NONE, 200, { workflow_id: 1, group_id: 1 }],
      ['GET', '/access_check/1/bob', NONE, 200, { has_access: true, user_name: 'bob', workflow_id: 1 }],
      ['DELETE', '/access_groups/1/members/bob', NONE, 200, { user_name: 'bob' }],
      ['DELETE', '/workflows/1/access_groups/1', NONE, 200, { group_id: 1 }],
      ['DELETE', '/access_groups/1', NONE, 200, { name: 'team' }],
    ],
    t,
  );
});
