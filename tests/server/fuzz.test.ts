import { Ajv, type ValidateFunction } from 'ajv';
import type { InjectOptions } from 'fastify';
import t from 'tap';
import { HANDLERS } from '../../lib/server/routes/handlers.js';
import type { WorkflowDatabase } from '../../lib/store/workflows/database.js';
import { ALIASES } from '../../lib/wire/aliases.js';
import { API } from '../../lib/wire/api.js';
import type { Endpoint } from '../../lib/wire/endpoint.js';
import { TERMINAL_STATUSES } from '../../lib/wire/job-status.js';
import { addNode } from '../store/workflows/plain-workflow.js';
import { Random } from './fuzz/random.js';
import { type MadeRequest, type Matter, RequestMaker } from './fuzz/request-maker.js';
import { insertJob, insertWorkflow } from './rows.js';
import { TestServer } from './server.js';

const REQUESTS = 10_500;
const SEED = 20_261_121;

const ENDPOINTS: readonly Endpoint[] = [
  ...Object.entries(API)
    .filter(([group]) => group in HANDLERS)
    .flatMap(([, endpoints]) => Object.values(endpoints) as Endpoint[]),
  ...ALIASES.filter(({ group }) => group in HANDLERS).map(({ endpoint }) => endpoint),
];

const ERROR = {
  type: 'object',
  required: ['error'],
  properties: {
    error: { type: 'object', required: ['message'], properties: { message: { type: 'string' } } },
  },
};

const AJV = new Ajv({ strict: false });
const isError = AJV.compile(ERROR);
const answers = new Map<Endpoint, ValidateFunction>(
  ENDPOINTS.map((endpoint) => [
    endpoint,
    AJV.compile(JSON.parse(JSON.stringify(endpoint.response)) as object),
  ]),
);

/** What is wrong with an answer; null if nothing is. */
function fault(endpoint: Endpoint, request: MadeRequest, status: number, body: string): string | null {
  if (status >= 500) return `status ${status}: ${body}`;
  if (body === '') return status === 404 || status === 405 ? null : `status ${status} without a body`;
  const json: unknown = JSON.parse(body);
  if (status >= 400) return isError(json) ? null : `no error of ours: ${body}`;
  if (request.method !== endpoint.method) return null;
  const isAnswer = answers.get(endpoint);
  if (isAnswer === undefined || isAnswer(json)) return null;
  return `not what was promised: ${AJV.errorsText(isAnswer.errors)}: ${body}`;
}

/** A workflow with a compute node, jobs in states that attempts begin and end in, and one that waits for another. @returns its id */
function begin(maker: RequestMaker, db: WorkflowDatabase): number {
  const workflow = insertWorkflow(db);
  const statuses = ['pending', 'pending', 'running', 'running', 'failed', 'uninitialized', 'uninitialized'];
  const jobs = statuses.map((status, number) => {
    const job = insertJob(db, workflow, `job ${number}`);
    db.prepare('UPDATE job SET status = ? WHERE id = ?').run(status, job);
    return job;
  });
  db.prepare('INSERT INTO job_depends_on VALUES (?, ?, ?)').run(jobs.at(-1), jobs.at(-2), workflow);
  db.prepare('UPDATE job SET open_dependencies = 1 WHERE id = ?').run(jobs.at(-1));
  maker.begin(workflow, { jobs, compute_nodes: [addNode(db, workflow)] });
  return workflow;
}

/** A job that runs on a node, in the run that its workflow is in. */
function runningJob(random: Random, db: WorkflowDatabase, workflow: number, name: string): Matter {
  const jobs = insertJob(db, workflow, name);
  db.prepare("UPDATE job SET status = 'running' WHERE id = ?").run(jobs);
  const { run_id } = db.prepare('SELECT run_id FROM workflow WHERE id = ?').get(workflow) as {
    run_id: number;
  };
  const ids = { jobs, compute_nodes: addNode(db, workflow) };
  return { ids, fields: { run_id, status: random.pick(TERMINAL_STATUSES) } };
}

t.test(`${REQUESTS} requests of all sorts`, { timeout: 120_000 }, async (t) => {
  const server = TestServer.open(t);
  const random = new Random(SEED);
  const maker = new RequestMaker(random);
  const { db } = server.context;
  const faults: string[] = [];
  const statuses = new Map<number, number>();
  const answered = new Set<Endpoint>();
  let workflow = 0;
  let completed = 0;
  for (let number = 0; number < REQUESTS; number += 1) {
    if (number % 200 === 0) workflow = begin(maker, db);
    const endpoint = random.pick(ENDPOINTS);
    const isReal = endpoint === API.jobs.complete && random.chance(0.5);
    const request = maker.make(
      endpoint,
      isReal ? runningJob(random, db, workflow, `real ${number}`) : undefined,
    );
    const { statusCode, body } = await server.app.inject(request as InjectOptions);
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
    const found = fault(endpoint, request, statusCode, body);
    if (statusCode < 300) {
      answered.add(endpoint);
      if (endpoint === API.jobs.complete) completed += 1;
      maker.learn(endpoint, JSON.parse(body));
      if (request.method === 'DELETE' && endpoint.path === '/workflows/{id}') workflow = begin(maker, db);
    }
    if (found !== null) faults.push(JSON.stringify({ number, ...request, found }).slice(0, 1000));
  }
  t.comment(JSON.stringify(Object.fromEntries([...statuses].sort())));
  t.same(faults.slice(0, 10), []);
  const never = ENDPOINTS.filter((endpoint) => !answered.has(endpoint));
  t.comment(`never asked well: ${never.map(({ method, path }) => `${method} ${path}`).join(', ')}`);
  t.ok(completed > 0, `${completed} attempts ended`);
  t.ok(never.length <= ENDPOINTS.length / 10, 'nearly every operation was asked well at least once');
});
