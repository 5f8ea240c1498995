import { t } from 'tap';
import { ServerUnreachableError } from '../../lib/client/client-errors.js';
import type { Connection, Exchange } from '../../lib/client/connection.js';
import { job, Workbench } from './workbench.js';

/** The first answer to each of these requests is lost on its way, after the server has done what it was asked for. */
const LOST: Record<string, RegExp> = {
  'a claim of jobs': /claim_jobs_based_on_resources/,
  'the start of a job': /\/jobs\/\d+\/start_job/,
  'the completion of a job': /\/jobs\/\d+\/complete_job/,
  'a further attempt': /\/jobs\/\d+\/retry/,
  'a claim of an action': /\/actions\/\d+\/claim/,
};

for (const [what, path] of Object.entries(LOST)) {
  t.test(`The answer to ${what} is lost`, async (t) => {
    const bench = await Workbench.open(t);
    const journal = bench.path('journal');
    const id = await bench.create({
      jobs: [
        job('first', `echo first >> ${journal}`),
        job('again', `echo again >> ${journal}; [ $TORC_ATTEMPT_ID = 2 ]`, { failure_handler: 'twice' }),
        job('last', `echo last >> ${journal}`, { depends_on: ['first', 'again'] }),
      ],
      failure_handlers: [{ name: 'twice', rules: [{ exit_codes: [1], max_retries: 2 }] }],
      actions: [
        {
          ...{ trigger_type: 'on_workflow_start', action_type: 'run_commands' },
          commands: [`echo action >> ${journal}`],
        },
      ],
    });
    // As with Torc's server, which is told of every start.
    if (what === 'the start of a job') startByRequest(bench.client.connection);
    const lost = loseOnce(bench.client.connection, path);
    const told: string[] = [];
    const onJob = (event: { kind: string; name: string }) => told.push(`${event.kind} ${event.name}`);
    const summary = await bench.run(id, { pingInterval: 0.05 }, {}, { onJob });
    t.equal(lost(), 1, 'an answer was lost');
    t.match(summary, { reason: 'complete', completed: 3, failed: 0 });
    const lines = bench.read('journal').trim().split('\n').sort();
    t.same(
      lines,
      ['action', 'again', 'again', 'first', 'last'],
      'nothing runs twice, and nothing not at all',
    );
    t.same(told.filter((line) => line.startsWith('ended')).sort(), [
      'ended again',
      'ended first',
      'ended last',
    ]);
  });
}

/** Keeps from the server that claimed jobs start. */
function startByRequest(connection: Connection): void {
  const ask = connection.ask.bind(connection);
  connection.ask = (exchange: Exchange) => {
    const isClaim = exchange.path.includes('/claim_jobs_based_on_resources/');
    return ask(isClaim ? { ...exchange, path: exchange.path.replace(/\?.*/, '') } : exchange);
  };
}

/** @returns how many answers were lost so far */
function loseOnce(connection: Connection, path: RegExp): () => number {
  const ask = connection.ask.bind(connection);
  let lost = 0;
  connection.ask = async (exchange: Exchange) => {
    const answer = await ask(exchange);
    if (lost > 0 || !path.test(exchange.path)) return answer;
    lost += 1;
    throw new ServerUnreachableError(connection.url, new Error('socket hang up'));
  };
  return () => lost;
}
