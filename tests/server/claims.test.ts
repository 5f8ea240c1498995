import t from 'tap';
import { Scene } from './scene.js';

const GIB = 1024 ** 3;

/** Requirements by name: cpus, GiB, gpus, nodes, minutes. */
const KINDS = {
  small: [1, 1, 0, 1, 1],
  wide: [4, 1, 0, 1, 1],
  big: [1, 32, 0, 1, 1],
  gpu: [1, 1, 1, 1, 1],
  long: [1, 1, 0, 1, 120],
  twin: [1, 1, 0, 2, 1],
  nothing: [0, 0, 0, 1, 0],
} as const;
type Kind = keyof typeof KINDS;

class Claims {
  private readonly kinds = new Map<Kind, number>();

  constructor(readonly scene: Scene) {
    for (const [name, [num_cpus, gib, num_gpus, num_nodes, minutes]] of Object.entries(KINDS)) {
      const id = scene.insert('resource_requirements', {
        ...{
          workflow_id: 1,
          name,
          num_cpus,
          num_gpus,
          num_nodes,
          memory: `${gib}g`,
          runtime: `PT${minutes}M`,
        },
        ...{ memory_bytes: gib * GIB, runtime_s: minutes * 60 },
      });
      this.kinds.set(name as Kind, id);
    }
  }

  /** Jobs in order, named by kind and number: `small*3 gpu`. */
  async add(jobs: string, more: Record<string, unknown> = {}): Promise<void> {
    for (const [, kind, count = '1'] of jobs.matchAll(/(\w+?)(?:\*(\d+))?(?: |$)/g)) {
      for (let number = 1; number <= Number(count); number += 1) {
        const requirements = this.kinds.get(kind as Kind);
        await this.scene.job(`${kind}${number}`, { resource_requirements_id: requirements, ...more });
      }
    }
    await this.scene.initialize();
  }

  /** Names of what is claimed, in the order of the answer. */
  async claim(limit: number, resources: Record<string, unknown> = {}, query = ''): Promise<string> {
    const body = { num_cpus: 8, memory_gb: 16, num_gpus: 0, num_nodes: 1, ...resources };
    const path = `/workflows/1/claim_jobs_based_on_resources/${limit}${query}`;
    const { json } = await this.scene.post(path, body);
    return (json.jobs as { name: string }[]).map(({ name }) => name).join(' ');
  }
}

/** Jobs, limit, what the runner has, the query, and what it gets. */
const CASES: [string, string, number, Record<string, unknown>, string, string][] = [
  ['what fits', 'small*3', 10, {}, '', 'small1 small2 small3'],
  ['the limit', 'small*3', 2, {}, '', 'small1 small2'],
  ['a limit of 0', 'small', 0, {}, '', ''],
  ['cpus add up', 'wide*3', 10, {}, '', 'wide1 wide2'],
  ['memory adds up', 'small*9', 10, { memory_gb: 2.5 }, '', 'small1 small2'],
  ['gpus add up', 'gpu*3', 10, { num_gpus: 2 }, '', 'gpu1 gpu2'],
  ['big jobs do not hide small ones', 'big*99 small*2', 2, {}, '', 'small1 small2'],
  [
    'jobs that fit no more do not hide others',
    'wide*99 small*3',
    4,
    { num_cpus: 6 },
    '',
    'wide1 small1 small2',
  ],
  ['too little time', 'long small', 5, { time_limit: 'PT1H' }, '', 'small1'],
  ['time enough', 'long small', 5, { time_limit: 'P0DT2H' }, '', 'long1 small1'],
  [
    'nodes are used up by jobs of several nodes',
    'twin*3 small',
    5,
    { num_nodes: 4 },
    '',
    'twin1 twin2 small1',
  ],
  ['one node is too few', 'twin small', 5, {}, '', 'small1'],
  ['none: the order of creation', 'small gpu long', 5, { num_gpus: 1 }, '', 'small1 gpu1 long1'],
  [
    'gpus, then runtime',
    'small long gpu',
    5,
    { num_gpus: 1, memory_gb: 64 },
    '?sort_method=gpus_runtime_memory',
    'gpu1 long1 small1',
  ],
  [
    'runtime before memory',
    'small big long',
    5,
    { memory_gb: 64 },
    '?sort_method=gpus_runtime_memory',
    'long1 big1 small1',
  ],
  [
    'memory before runtime',
    'small long big',
    5,
    { memory_gb: 64 },
    '?sort_method=gpus_memory_runtime',
    'big1 long1 small1',
  ],
  [
    'what comes equally early keeps its order',
    'wide small wide',
    9,
    { num_cpus: 9 },
    '?sort_method=gpus_runtime_memory',
    'wide1 small1 wide1',
  ],
  ['jobs that need nothing', 'nothing*70', 66, { num_cpus: 0, memory_gb: 0 }, '', names('nothing', 66)],
];

function names(kind: string, count: number): string {
  return Array.from({ length: count }, (_, number) => `${kind}${number + 1}`).join(' ');
}

t.test('what a runner gets', async (t) => {
  const scene = await Scene.open(t);
  const claims = new Claims(scene);
  for (const [name, jobs, limit, resources, query, expected] of CASES) {
    await scene.remove('/jobs?workflow_id=1');
    await claims.add(jobs);
    t.equal(await claims.claim(limit, resources, query), expected, name);
  }
});

t.test('jobs that are for one scheduler', async (t) => {
  const scene = await Scene.open(t);
  const claims = new Claims(scene);
  const [one, two] = ['one', 'two'].map((name) =>
    scene.insert('slurm_scheduler', { workflow_id: 1, name, account: 'a', nodes: 1, walltime: '1:00:00' }),
  );
  const strict = '?strict_scheduler_match=true';
  await claims.add('small', { scheduler_id: one });
  await claims.add('wide');
  t.equal(await claims.claim(5, { scheduler_config_id: two }), 'wide1', 'those for none come first');
  t.equal(await claims.claim(5, { scheduler_config_id: two }, strict), '', 'a strict runner leaves them');
  t.equal(await claims.claim(5, {}, strict), '', 'a runner of no scheduler too');
  t.equal(
    await claims.claim(5, { scheduler_config_id: two }),
    'small1',
    'any other takes them if there is nothing else',
  );
  await scene.remove('/jobs?workflow_id=1');
  await claims.add('small long', { scheduler_id: two });
  t.equal(await claims.claim(5, { scheduler_config_id: two }, strict), 'small1 long1');
});

t.test('what is wrong with a claim, and claims of a number of jobs', async (t) => {
  const scene = await Scene.open(t);
  const claims = new Claims(scene);
  await claims.add('big*3 gpu small');
  const path = '/workflows/1/claim_jobs_based_on_resources/1';
  const resources = { num_cpus: 1, memory_gb: 1, num_gpus: 0, num_nodes: 1 };
  const late = await scene.post(path, { ...resources, time_limit: '1 hour' });
  t.match(late, { status: 422, json: { error: { field: 'time_limit', value: '1 hour' } } });
  t.match(await scene.post(path, { num_cpus: 1 }), { status: 400, json: { error: { field: 'memory_gb' } } });
  t.equal((await scene.post(`${path}?sort_method=size`, resources)).status, 400);
  t.equal((await scene.post('/workflows/1/claim_jobs_based_on_resources/-1', resources)).status, 400);
  const got = async (query: string) =>
    ((await scene.post(`/workflows/1/claim_next_jobs${query}`)).json.jobs as { name: string }[]).map(
      ({ name }) => name,
    );
  t.same(await got('?limit=1'), ['big1']);
  t.same(await got('?num_jobs=2'), ['big2', 'big3']);
  t.same(await got(''), ['gpu1', 'small1']);
});

t.test('a claim that starts its jobs', async (t) => {
  const scene = await Scene.open(t);
  const claims = new Claims(scene);
  await claims.add('small*4 gpu');
  for (const [query, status, field] of [
    ['?compute_node_id=1', 422, 'run_id'],
    ['?run_id=0', 422, 'compute_node_id'],
    ['?compute_node_id=1&run_id=1', 422, 'run_id'],
    ['?compute_node_id=9&run_id=0', 404, undefined],
  ] as const) {
    const refused = await scene.post(`/workflows/1/claim_next_jobs${query}`);
    t.match(refused, { status, json: { error: field === undefined ? {} : { field } } }, query);
  }
  t.match(await scene.states(), /^(\S+:ready ?)+$/, 'what is refused claims nothing');
  const start = 'compute_node_id=1&run_id=0';
  const { json } = await scene.post(`/workflows/1/claim_next_jobs?limit=1&${start}`);
  t.match(json, { jobs: [{ name: 'small1', status: 'running' }] });
  t.equal(await claims.claim(1, {}, `?${start}`), 'small2');
  const old = '/workflows/1/claim_jobs_based_on_resources?limit=1';
  t.match((await scene.get(`${old}&${start}&num_cpus=1&memory_gb=9&num_gpus=0&num_nodes=1`)).json, {
    jobs: [{ name: 'small3', status: 'running' }],
  });
  t.equal(await scene.states(), 'small1:running small2:running small3:running small4:ready gpu1:ready');
  const running = await scene.get('/jobs?workflow_id=1&active_compute_node_id=1');
  t.same(
    (running.json.items as { name: string }[]).map(({ name }) => name),
    ['small1', 'small2', 'small3'],
  );
  t.match(
    scene.events.filter(({ event_type }) => event_type === 'job_started'),
    [{ data: { job_name: 'small1', compute_node_id: 1, run_id: 0 } }, {}, {}],
  );
  t.equal((await scene.report(1, 'completed')).status, 200);
});

t.test('what a claimed job comes with', async (t) => {
  const scene = await Scene.open(t);
  const file = scene.insert('file', { workflow_id: 1, name: 'f', path: 'f' });
  const handler = scene.insert('failure_handler', { workflow_id: 1, name: 'h', rules: '[]' });
  await scene.job('a', { output_file_ids: [file], failure_handler_id: handler, invocation_script: 's.sh' });
  await scene.initialize();
  t.match((await scene.post('/workflows/1/claim_next_jobs')).json.jobs, [
    {
      name: 'a',
      status: 'pending',
      output_file_ids: [file],
      failure_handler_id: handler,
      attempt_id: 1,
      invocation_script: 's.sh',
    },
  ]);
});
