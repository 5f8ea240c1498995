import { t } from 'tap';
import type { Client } from '../../lib/client/client.js';
import { ApiResponseError, ServerUnreachableError } from '../../lib/client/client-errors.js';
import { Reports } from '../../lib/runner/reports.js';
import type { ResultModel } from '../../lib/wire/results.js';

type Errors = Record<number, { status: number; message: string }>;

/** A server that takes its time, and refuses reports of some jobs. */
class SlowServer {
  /** Ids of jobs in each request. */
  readonly requests: number[][] = [];

  constructor(
    private readonly refused: Errors = {},
    private readonly several: Error | null = null,
  ) {}

  get client(): Client {
    const jobs = {
      complete: async ({ id }: { id: number }) => {
        await this.ask([id]);
        const error = this.refused[id];
        if (error !== undefined) throw new ApiResponseError(error.status, error.message, null, null, null);
      },
    };
    const workflows = {
      completeJobs: async ({ body }: { body: { results: ResultModel[] } }) => {
        const ids = body.results.map(({ job_id }) => job_id);
        await this.ask(ids);
        if (this.several !== null) throw this.several;
        return { results: ids.map((job_id) => ({ job_id, error: this.refused[job_id] })) };
      },
    };
    return { jobs, workflows } as unknown as Client;
  }

  private async ask(ids: number[]): Promise<void> {
    this.requests.push(ids);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function report(job_id: number): ResultModel {
  return {
    ...{ job_id, workflow_id: 1, run_id: 0, compute_node_id: 1, return_code: 0, exec_time_minutes: 0 },
    ...{ completion_time: '2026-11-21T10:00:00.000Z', status: 'completed' },
  };
}

/** Sends reports of jobs 1 to 4 at once. @returns what became of each */
async function sendFour(server: SlowServer, mayWait = false): Promise<string[]> {
  const reports = new Reports(server.client, 1, () => mayWait);
  const sent = [1, 2, 3, 4].map((id) => reports.send(report(id)));
  return (await Promise.allSettled(sent)).map((one) =>
    one.status === 'fulfilled' ? 'taken' : (one.reason as Error).message,
  );
}

const TAKEN = ['taken', 'taken', 'taken', 'taken'];

t.test('What ends during a request is reported by the next one', async (t) => {
  const server = new SlowServer();
  t.same(await sendFour(server), TAKEN);
  t.same(server.requests, [[1], [2, 3, 4]]);
});

t.test('With other work at hand a report waits for company', async (t) => {
  const server = new SlowServer();
  t.same(await sendFour(server, true), TAKEN);
  t.same(server.requests, [[1, 2, 3, 4]]);
});

t.test('Each is told what became of its own report', async (t) => {
  const server = new SlowServer({ 3: { status: 422, message: 'job 3 has ended' } });
  t.same(await sendFour(server), ['taken', 'taken', 'job 3 has ended', 'taken']);
});

t.test('A server that takes no several reports gets them one by one', async (t) => {
  const unknown = new ApiResponseError(404, 'no such path', null, null, null);
  const server = new SlowServer({ 2: { status: 404, message: 'no job 2' } }, unknown);
  t.same(await sendFour(server), ['taken', 'no job 2', 'taken', 'taken']);
  t.same(server.requests, [[1], [2, 3, 4], [2], [3], [4]]);
});

t.test('A server that stays away is told to all who wait', async (t) => {
  const away = new ServerUnreachableError('http://localhost', new Error('refused'));
  const outcomes = await sendFour(new SlowServer({}, away));
  t.equal(outcomes[0], 'taken');
  t.same(outcomes.slice(1), Array(3).fill(away.message));
});
