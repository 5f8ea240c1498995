import t from 'tap';
import { makeApi, mapFunctionToJobs } from '../../lib/index.js';
import { runningServer } from '../client/running-server.js';
import { run } from '../program.js';

const SIMULATION = `
export async function simulate({ a, b }) {
  if (a < 0) throw new Error('no negative numbers');
  return { sum: a + b };
}
export const postprocess = (results) => results.map(({ sum }) => sum).join(' ');
`;

t.test('a function is mapped over parameters, and what it returns is stored', async (t) => {
  const { url } = await runningServer(t);
  const folder = t.testdir({ 'simulation.mjs': SIMULATION });
  const api = makeApi(url, { user: 'alice' });
  t.teardown(() => api.close());
  const { id = 0 } = await api.workflows.create({ body: { name: 'mapped', user: 'alice' } });
  const params = [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
    { a: -1, b: 0 },
  ];
  const jobs = await mapFunctionToJobs(api, id, './simulation.mjs', 'simulate', params, {
    ...{ moduleDirectory: folder, postprocess: 'postprocess', namePrefix: 'sim_' },
  });
  t.same(
    jobs.map(({ name }) => name),
    ['sim_1', 'sim_2', 'sim_3', 'sim_postprocess'],
  );
  const codes = [];
  for (const job of jobs.slice(0, 3)) {
    const env = { ...process.env, TORC_API_URL: url, TORC_JOB_ID: String(job.id) };
    codes.push((await run(['bash', '-c', job.command], { env, cwd: folder })).code);
  }
  t.same(codes, [0, 0, 1]);
  const results = await api.userData.list({ workflow_id: id, name: 'output_sim' });
  t.same(
    results.items.map(({ name, data }) => [name, data]),
    [
      ['output_sim_1', { sum: 3 }],
      ['output_sim_2', { sum: 7 }],
      ['output_sim_3', undefined],
      ['output_sim_postprocess', undefined],
    ],
  );
});

t.test('what all returned is handed to the function that postprocesses', async (t) => {
  const { url } = await runningServer(t);
  const folder = t.testdir({ 'simulation.mjs': SIMULATION });
  const api = makeApi(url);
  t.teardown(() => api.close());
  const { id = 0 } = await api.workflows.create({ body: { name: 'mapped', user: 'alice' } });
  const module = new URL(`file://${folder}/simulation.mjs`);
  const params = [
    { a: 1, b: 2 },
    { a: 3, b: 4 },
  ];
  const jobs = await mapFunctionToJobs(api, id, module, 'simulate', params, { postprocess: 'postprocess' });
  for (const job of jobs) {
    const env = { ...process.env, TORC_API_URL: url, TORC_JOB_ID: String(job.id) };
    t.equal((await run(['bash', '-c', job.command], { env })).code, 0);
  }
  const [last] = (await api.userData.list({ workflow_id: id, name: 'output_postprocess' })).items;
  t.equal(last?.data, '3 7');
});

t.test('names must fit', async (t) => {
  const api = makeApi('http://127.0.0.1:1/torc-service/v1');
  await t.rejects(mapFunctionToJobs(api, 1, 'm', 'f', [1, 2], { names: ['one'] }), RangeError);
});
