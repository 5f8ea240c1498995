import bcrypt from 'bcryptjs';
import t, { type Test } from 'tap';
import { setSystemAdmins } from '../../../lib/store/workflows/access.js';
import { API } from '../../../lib/wire/api.js';
import type { Endpoint } from '../../../lib/wire/endpoint.js';
import { insertJob, insertWorkflow } from '../rows.js';
import { basic, TestServer } from '../server.js';

const USERS = ['owner', 'member', 'stranger', 'root', 'lead'];

/** Workflow 1 of `owner`, shared with group 2, of which `member` is a member and `lead` the administrator. */
async function open(t: Test): Promise<TestServer> {
  const hash = bcrypt.hashSync('secret', 4);
  const folder = t.testdir({ htpasswd: USERS.map((user) => `${user}:${hash}\n`).join('') });
  const options = { htpasswdFile: `${folder}/htpasswd` };
  const server = TestServer.open(t, { enforceAccessControl: true }, options);
  const { db } = server.context;
  setSystemAdmins(db, ['root']);
  insertJob(db, insertWorkflow(db, 'owner'));
  const root = basic('root');
  await server.ask('POST', '/access_groups', { name: 'team' }, root);
  await server.ask('POST', '/access_groups/2/members', { user_name: 'member', group_id: 2 }, root);
  await server.ask(
    'POST',
    '/access_groups/2/members',
    { user_name: 'lead', group_id: 2, role: 'admin' },
    root,
  );
  await server.ask('POST', '/workflows/1/access_groups/2', undefined, basic('owner'));
  return server;
}

t.test('workflows are for their owners and members of their groups', async (t) => {
  const server = await open(t);
  const file = { workflow_id: 1, name: 'f', path: 'p' };
  for (const user of ['owner', 'member', 'lead']) {
    t.match(await server.ask('POST', '/files', file, basic(user)), { status: 200 }, user);
    t.match(await server.ask('GET', '/files/1', undefined, basic(user)), { status: 200 }, user);
    t.match((await server.ask('GET', `/access_check/1/${user}`)).json, { has_access: true });
  }
  t.match((await server.ask('GET', '/access_check/1/stranger')).json, { has_access: false });
  const forbidden = { status: 403, json: { error: { error: 'Forbidden', message: /workflow 1/ } } };
  for (const headers of [basic('stranger'), basic('root'), {}]) {
    for (const [method, path, body] of [
      ['GET', '/files?workflow_id=1'],
      ['DELETE', '/files?workflow_id=1'],
      ['GET', '/files/1'],
      ['PUT', '/files/1', file],
      ['DELETE', '/files/1'],
      ['POST', '/files', file],
      ['POST', '/events', { workflow_id: 1, timestamp: 0, data: {} }],
      ['GET', '/compute_nodes?workflow_id=1'],
      ['GET', '/resource_requirements/1'],
      ['POST', '/failure_handlers', { workflow_id: 1, name: 'h', rules: '[]' }],
      ['GET', '/workflows/1/failure_handlers'],
      ['POST', '/workflows/1/remote_workers', ['host']],
      ['GET', '/workflows/1/access_groups'],
      ['GET', '/workflows/1/events/stream'],
    ] as const) {
      t.match(await server.ask(method, path, body, headers), forbidden, `${method} ${path}`);
    }
  }
});

t.test('every operation about a workflow is refused to strangers', async (t) => {
  const server = await open(t);
  const { db } = server.context;
  db.prepare(
    "INSERT INTO compute_node VALUES (1, 1, 'h', 1, '', null, 1, 1, 1.0, 0, 1, null, null, 'local', null)",
  ).run();
  for (const sql of [
    "INSERT INTO file (workflow_id, name, path) VALUES (1, 'f', 'p')",
    "INSERT INTO user_data (workflow_id, name) VALUES (1, 'd')",
    "INSERT INTO failure_handler (workflow_id, name, rules) VALUES (1, 'h', '[]')",
    "INSERT INTO event (workflow_id, timestamp, data) VALUES (1, 1, '{}')",
    "INSERT INTO scheduled_compute_node VALUES (1, 1, 1, 1, 'slurm', 'pending')",
    "INSERT INTO slurm_scheduler (workflow_id, name, account, nodes, walltime) VALUES (1, 's', 'a', 1, '1')",
    "INSERT INTO local_scheduler (workflow_id, name, memory, num_cpus) VALUES (1, 'l', '1g', 1)",
    `INSERT INTO result (job_id, workflow_id, run_id, compute_node_id, return_code, exec_time_minutes, completion_time,
       status) VALUES (1, 1, 1, 1, 0, 1.0, '', 'completed')`,
  ]) {
    db.prepare(sql).run();
  }
  const open_ = ['/ping', '/health', '/version', '/openapi.json'];
  for (const endpoint of Object.values(API).flatMap((group) => Object.values(group) as Endpoint[])) {
    const { method, path } = endpoint;
    const isOwn = path.startsWith('/access_') || path.startsWith('/users/') || open_.includes(path);
    if (isOwn || path === '/workflows') continue;
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name === 'status' ? 'running' : '1'));
    const query =
      'workflow_id' in endpoint.query.properties ? '?workflow_id=1&max_retries=1' : '?max_retries=1';
    const body = sample(endpoint);
    const reply = await server.ask(method, url + query, body, basic('stranger'));
    t.equal(reply.status, 403, `${method} ${path}`);
  }
});

/** A body that its schema accepts, about workflow 1. */
function sample({ body }: Endpoint): unknown {
  return body === null ? undefined : value(body as Schema);
}

interface Schema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
}

function value(schema: Schema): unknown {
  if (schema.enum !== undefined) return schema.enum[0];
  if (schema.type === 'array') return [value(schema.items ?? {})];
  if (schema.type === 'string') return 'x';
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  const names = schema.required ?? [];
  return Object.fromEntries(names.map((name) => [name, value(schema.properties?.[name] ?? {})]));
}

t.test('lists hold workflows that are the user’s, and who creates one owns it', async (t) => {
  const server = await open(t);
  insertWorkflow(server.context.db, 'anonymous');
  for (const [headers, ids] of [
    [basic('owner'), [1]],
    [basic('member'), [1]],
    [basic('stranger'), []],
    [{}, []],
  ] as const) {
    const { items, total_count } = (await server.ask('GET', '/workflows', undefined, headers)).json;
    t.same([(items as { id: number }[]).map(({ id }) => id), total_count], [ids, ids.length]);
  }
  for (const [user, owner, status] of [
    ['stranger', 'stranger', 200],
    ['stranger', 'owner', 403],
    ['root', 'owner', 200],
    ['nobody', 'anonymous', 403],
  ] as const) {
    const reply = await server.ask('POST', '/workflows', { name: 'w', user: owner }, basic(user));
    t.equal(reply.status, status, `${user} for ${owner}`);
  }
});

t.test('who manages groups', async (t) => {
  const server = await open(t);
  const status = async (
    method: 'POST' | 'DELETE',
    path: string,
    user: string,
    body?: Record<string, unknown>,
  ): Promise<number> => (await server.ask(method, path, body, basic(user))).status;
  const newcomer = { user_name: 'stranger', group_id: 2 };
  t.equal(await status('POST', '/access_groups', 'owner', { name: 'x' }), 403);
  t.equal(await status('DELETE', '/access_groups/2', 'lead'), 403);
  t.equal(await status('POST', '/access_groups/2/members', 'member', newcomer), 403);
  t.equal(await status('POST', '/access_groups/2/members', 'lead', newcomer), 200);
  t.equal(await status('DELETE', '/access_groups/2/members/stranger', 'root'), 200);
  t.equal(await status('POST', '/access_groups/1/members', 'root', { ...newcomer, group_id: 1 }), 403);
  t.equal(await status('DELETE', '/access_groups/1/members/root', 'root'), 403);
  t.equal(await status('DELETE', '/access_groups/1', 'root'), 403, 'the group of administrators');
  t.equal(await status('DELETE', '/workflows/1/access_groups/2', 'member'), 403);
  t.equal(await status('DELETE', '/workflows/1/access_groups/2', 'lead'), 200);
  t.equal(await status('POST', '/workflows/1/access_groups/2', 'stranger'), 403);
  t.equal(await status('POST', '/workflows/1/access_groups/2', 'owner'), 200);
  t.equal(await status('DELETE', '/access_groups/2', 'root'), 200);
  t.match((await server.ask('GET', '/access_check/1/member')).json, { has_access: false });
});

t.test('administrators are those of the configuration', async (t) => {
  const server = TestServer.open(t);
  const { db } = server.context;
  for (const admins of [['a', 'b'], ['b', 'c'], []]) {
    setSystemAdmins(db, admins);
    const { json } = await server.ask('GET', '/access_groups/1/members');
    t.same((json.items as { user_name: string }[]).map((member) => member.user_name).sort(), admins);
  }
});
