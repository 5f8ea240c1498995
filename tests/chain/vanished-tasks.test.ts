import t from 'tap';
import { observeRound } from '../../lib/chain/observe.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { withClock } from '../../lib/clock.js';
import { withPrograms } from '../../lib/slurm/programs.js';
import { CHAIN, checkpoint, round, roundJob } from './plain-chain.js';

const STARTED = 1_795_227_818;

/** One row of sacct. */
function row(id: string, state: string, node: string): string {
  const start = node === '' ? 'Unknown' : STARTED + 1;
  return [id, '', state, '0:0', node, 5, 1, '', STARTED, start, STARTED + 7, ''].join('|');
}

interface Site {
  /** What sacct knows of the round's job 45. */
  job: string[];
  /** What it knows of the round's handler 46. */
  handler: string[];
  queue?: string;
  /** What the controller shows of the job. */
  controller?: string;
  /** The chain has been stopped, and a person has resumed it. */
  resumed?: boolean;
}

const SHOWN =
  'JobId=47 ArrayJobId=45 ArrayTaskId=0 JobState=COMPLETED ExitCode=0:0 NodeList=n1 RunTime=00:00:05\n';

/** How tasks 0 to 2 of job 45 ended, and how many are open, by what the site tells. */
async function observed({
  job,
  handler,
  queue = '',
  controller = SHOWN,
  resumed = false,
}: Site): Promise<{ states: string[]; open: number }> {
  const jobs = [roundJob({ jobId: '45', array: '0-2', indices: '0-2', count: 3 })];
  const handlers = [{ token: 'h1', trigger: 'afternotok' as const, jobId: '46' }];
  const answers = (argv: readonly string[]): string => {
    if (argv[0] === 'sacct') return `${(argv.at(-1) === '46' ? handler : job).join('\n')}\n`;
    if (argv[0] === 'scontrol') return controller;
    return argv[0] === 'squeue' ? queue : '';
  };
  const programs = async (argv: readonly string[]) => ({
    exitCode: 0,
    stdout: answers(argv),
    stderr: '',
    timedOut: false,
  });
  const clock = { now: () => STARTED + 10, sleep: async () => {} };
  const events = resumed ? [{ at: STARTED + 9, round: 1, kind: 'stopped', text: '' }] : [];
  const known = checkpoint({ rounds: [round(jobs, { handlers, startedAt: STARTED })], events });
  const paths = new TrackerPaths('/nowhere').chain(CHAIN);
  const look = () => observeRound({ checkpoint: known, paths }, {});
  const { outcomes, open } = await withClock(clock, () => withPrograms(programs, look));
  return { states: [...outcomes.values()].map(({ index, state }) => `${index} ${state}`), open };
}

const ENDED = [row('45_0', 'COMPLETED', 'n1'), row('45_1', 'FAILED', 'n1')];
const HANDLER = [row('46', 'RUNNING', 'n1')];

t.test('a task without a record was cancelled while it waited, when accounting is up to date', async (t) => {
  t.same(await observed({ job: ENDED, handler: HANDLER }), {
    states: ['0 COMPLETED', '1 FAILED', '2 CANCELLED'],
    open: 0,
  });
});

t.test('a person who resumes a stopped chain stands for the controller', async (t) => {
  const site = { job: ENDED, handler: HANDLER, controller: '' };
  t.equal((await observed(site)).open, 1);
  t.same((await observed({ ...site, resumed: true })).states, ['0 COMPLETED', '1 FAILED', '2 CANCELLED']);
});

t.test('it stays open without that proof', async (t) => {
  const open: [string, Site][] = [
    ['accounting knows of no handler', { job: ENDED, handler: [] }],
    ['the handler never started', { job: ENDED, handler: [row('46', 'CANCELLED', '')] }],
    ['something of the job is in the queue', { job: ENDED, handler: HANDLER, queue: '45_2|RUNNING|None|\n' }],
    ['the controller has forgotten the job', { job: ENDED, handler: HANDLER, controller: '' }],
    ['the rest of the array waits', { job: [...ENDED, row('45_[2]', 'PENDING', '')], handler: HANDLER }],
  ];
  for (const [why, site] of open) t.equal((await observed(site)).open, 1, why);
  const unknown = { job: [], handler: HANDLER, controller: '' };
  t.equal((await observed(unknown)).open, 3, 'nobody knows anything of the job');
});
