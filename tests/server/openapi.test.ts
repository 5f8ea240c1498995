import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { BASE_PATH } from '../../lib/wire/endpoint.js';
import { insertJob, insertWorkflow } from './rows.js';
import { type Reply, TestServer } from './server.js';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: object }[];
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

t.test('the document is served at both places', async (t) => {
  const server = TestServer.open(t);
  const document = (await server.ask('GET', '/openapi.json')).json;
  t.match(document, { openapi: '3.1.0', info: { version: '0.10.0' } });
  const outside = await server.app.inject({ method: 'GET', url: '/openapi.json' });
  t.same(JSON.parse(outside.body), document);
});

t.test('it has every route, and nothing else', async (t) => {
  const server = TestServer.open(t);
  const { paths } = (await server.ask('GET', '/openapi.json')).json as unknown as Document;
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  );
  t.same(documented.sort(), await served(server));
});

t.test('parameters stand in paths, and names of operations are their own', async (t) => {
  const { paths } = (await TestServer.open(t).ask('GET', '/openapi.json')).json as unknown as Document;
  for (const [path, operations] of Object.entries(paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(operations)) {
      const declared = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      t.same(declared.sort(), inPath.sort(), path);
    }
  }
  const ids = Object.values(paths).flatMap((path) =>
    Object.values(path).map(({ operationId }) => operationId),
  );
  t.equal(new Set(ids).size, ids.length);
});

/** `GET /jobs/{id}` of all operations: paths as the router has them, methods as answers to others name them. */
async function served(server: TestServer): Promise<string[]> {
  await server.app.ready();
  const operations: string[] = [];
  for (const route of routes(server.app.printRoutes({ commonPrefix: false }))) {
    if (!route.startsWith(BASE_PATH)) continue;
    const path = route.slice(BASE_PATH.length);
    const { headers } = await server.ask('OPTIONS', path.replaceAll(/:\w+/g, '1'));
    const methods = String(headers.allow ?? '')
      .split(', ')
      .filter((method) => method !== '');
    for (const method of methods) operations.push(`${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  }
  return operations.sort();
}

/** Paths of a printed tree: `├── /users/:name (GET)`, four columns for each level. */
function routes(tree: string): string[] {
  const parents: string[] = [];
  const paths: string[] = [];
  for (const line of tree.split('\n')) {
    const [, indent = '', part = '', methods] =
      /^((?:│ {3}| {4})*)[├└]── (\S+)(?: \((.*)\))?$/.exec(line) ?? [];
    parents.length = indent.length / 4;
    parents.push(part);
    if (methods !== undefined) paths.push(parents.join(''));
  }
  return paths;
}

const NODE = {
  ...{
    workflow_id: 1,
    hostname: 'n1',
    pid: 7,
    start_time: '2026-11-21T10:00:00Z',
    num_cpus: 4,
    memory_gb: 8.5,
  },
  ...{ num_gpus: 0, num_nodes: 1, compute_node_type: 'local', scheduler: { type: 'local' } },
};

const ACTION = {
  ...{ workflow_id: 1, trigger_type: 'on_workflow_start', action_type: 'run_commands' },
  action_config: { commands: ['true'] },
};
const CLAIM = '/workflows/{id}/claim_jobs_based_on_resources';
const MACHINE = { num_cpus: 4, memory_gb: 8, num_gpus: 0, num_nodes: 1 };
const TEXT_OF_MACHINE = { num_cpus: '4', memory_gb: '8.5', num_gpus: '0', num_nodes: '1', limit: '1' };

/** Requests whose answers are held against the document, in this order. */
const SESSION: [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, url: string, body?: unknown][] = [
  ['GET', '/ping', '/ping'],
  ['GET', '/version', '/version'],
  ['POST', '/files', '/files', { workflow_id: 1, name: 'f', path: 'p', st_mtime: 1.5 }],
  ['GET', '/files', '/files?workflow_id=1'],
  ['POST', '/user_data', '/user_data?producer_job_id=1', { workflow_id: 1, name: 'd' }],
  ['PUT', '/user_data/{id}', '/user_data/1', { workflow_id: 1, name: 'd', data: [1] }],
  ['GET', '/user_data', '/user_data?workflow_id=1'],
  ['DELETE', '/user_data', '/user_data?workflow_id=1'],
  ['GET', '/resource_requirements/{id}', '/resource_requirements/1'],
  ['POST', '/compute_nodes', '/compute_nodes', NODE],
  ['GET', '/compute_nodes', '/compute_nodes?workflow_id=1'],
  ['POST', '/events', '/events', { workflow_id: 1, timestamp: 0, data: 'x' }],
  ['PUT', '/events/{id}', '/events/1', [null]],
  ['POST', '/failure_handlers', '/failure_handlers', { workflow_id: 1, name: 'h', rules: '[]' }],
  ['GET', '/workflows/{id}/failure_handlers', '/workflows/1/failure_handlers'],
  ['DELETE', '/failure_handlers/{id}', '/failure_handlers/1'],
  ['POST', '/workflows/{id}/remote_workers', '/workflows/1/remote_workers', ['a@b']],
  ['POST', '/access_groups', '/access_groups', { name: 'team' }],
  ['POST', '/workflows/{id}/access_groups/{group_id}', '/workflows/1/access_groups/1'],
  ['GET', '/workflows/{id}/access_groups', '/workflows/1/access_groups'],
  ['POST', '/workflows', '/workflows', { name: 'w', user: 'u', slurm_defaults: '{}' }],
  ['GET', '/workflows', '/workflows?user=u'],
  [
    'POST',
    '/bulk_jobs',
    '/bulk_jobs',
    { jobs: [{ workflow_id: 1, name: 'j', command: 'true', status: null }] },
  ],
  ['GET', '/jobs', '/jobs?workflow_id=1&include_relationships=true'],
  ['POST', '/workflows/{id}/actions', '/workflows/1/actions', ACTION],
  ['POST', '/workflows/{id}/initialize_jobs', '/workflows/1/initialize_jobs'],
  ['GET', '/workflows/{id}/actions/pending', '/workflows/1/actions/pending?trigger_type=on_workflow_start'],
  ['POST', '/workflows/{id}/actions/{action_id}/claim', '/workflows/1/actions/1/claim', {}],
  ['POST', '/workflows/{id}/actions/{action_id}/claim', '/workflows/1/actions/1/claim', {}],
  ['POST', CLAIM, '/workflows/1/claim_jobs_based_on_resources?limit=1', MACHINE],
  ['GET', CLAIM, `/workflows/1/claim_jobs_based_on_resources?${new URLSearchParams(TEXT_OF_MACHINE)}`],
  ['POST', '/workflows/{id}/claim_next_jobs', '/workflows/1/claim_next_jobs?num_jobs=1'],
  ['GET', '/workflows/{id}/status', '/workflows/1/status'],
  ['PUT', '/workflows/{id}/cancel', '/workflows/1/cancel'],
  ['GET', '/workflows/{id}/dot_graph/{name}', '/workflows/1/dot_graph/job_dependencies'],
  ['GET', '/workflows/{id}/ready_job_requirements', '/workflows/1/ready_job_requirements'],
  ['GET', '/files/{id}', '/files/x'],
  ['GET', '/files/{id}', '/files/99'],
  ['POST', '/access_groups', '/access_groups', { name: 'team' }],
  ['POST', '/resource_requirements', '/resource_requirements', { workflow_id: 1 }],
];

t.test('answers are what it says', async (t) => {
  const server = TestServer.open(t);
  insertJob(server.context.db, insertWorkflow(server.context.db));
  const document = (await server.ask('GET', '/openapi.json')).json as unknown as Document;
  const ajv = new Ajv2020({ strict: false });
  ajv.addSchema({ ...document, $id: 'document' });
  for (const [method, path, url, body] of SESSION) {
    const reply: Reply = await server.ask(method, url, body);
    const pointer = ['paths', path, method.toLowerCase(), 'responses', String(reply.status)];
    const place = [...pointer, 'content', 'application/json', 'schema'].map(escaped).join('/');
    const validate = ajv.compile({ $ref: `document#/${place}` });
    t.ok(validate(reply.json), `${method} ${url} ${reply.status} ${ajv.errorsText(validate.errors)}`);
  }
});

/** A part of a JSON pointer within a URI. */
function escaped(part: string): string {
  return encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
}
