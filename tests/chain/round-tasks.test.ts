import t from 'tap';
import type { Checkpoint, RoundJob } from '../../lib/chain/checkpoint.js';
import { RoundTasks } from '../../lib/chain/round-tasks.js';
import { parseAccounting } from '../../lib/slurm/sacct.js';
import { parseShowJob } from '../../lib/slurm/scontrol.js';
import { checkpoint, record, round, roundJob } from './plain-chain.js';

/** When the rounds here were submitted; the samples below stand for the day after 2026-11-21T02:23:38. */
const STARTED = 1_795_227_818;

function tasksOf(...jobs: Partial<RoundJob>[]): RoundTasks {
  return new RoundTasks(submitted(jobs));
}

/** The checkpoint of a round that was submitted in ten seconds, on a site that keeps comments or does not. */
function submitted(jobs: Partial<RoundJob>[], comments = false): Checkpoint {
  return checkpoint({
    rounds: [round(jobs.map(roundJob), { startedAt: STARTED })],
    evidence: { accounting: true, records: false, comments },
    events: [{ at: STARTED + 10, round: 1, kind: 'submitted', text: '' }],
  });
}

/** Rows as sacct prints them: `id state exit node elapsed maxrss`, submitted with the round. */
function rows(text: string, submit: number | string = STARTED, comment = '') {
  const lines = text
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', state = '', exit = '', node = '', elapsed = '', rss = ''] = line.trim().split('|');
      return [id, '', state, exit, node, elapsed, 2, rss, submit, STARTED + 1, STARTED + 7, comment].join(
        '|',
      );
    });
  return parseAccounting(`${lines.join('\n')}\n`);
}

/** What is known, one line a task: index, job, state, node; `...` behind what has not ended. */
function known({ outcomes }: RoundTasks): string[] {
  return [...outcomes.values()]
    .sort((a, b) => a.index - b.index)
    .map(
      ({ index, job, state, node, terminal }) => `${index} ${job} ${state} ${node}${terminal ? '' : ' ...'}`,
    );
}

const TOKEN = roundJob().token;

/** A throttled array of which two tasks ran, and two were running when the whole was cancelled. */
const ARRAY = { jobId: '45', array: '1-10', indices: '1-10', count: 10, throttle: 2 };

const RUNNING = `
  45_1|FAILED|1:0|p1|6|
  45_2|COMPLETED|0:0|p1|6|
  45_3|RUNNING|0:0|p1|2|
  45_4|RUNNING|0:0|p1|2|
  45_[3-10%2]|PENDING|0:0|None assigned|0|
`;

const CANCELLED = `
  45_1|FAILED|1:0|p1|6|
  45_2|COMPLETED|0:0|p1|6|
  45_3|CANCELLED by 0|0:0|p1|4|
  45_4|CANCELLED by 0|0:0|p1|4|
  45_[3-10%2]|CANCELLED by 0|0:0|None assigned|0|
`;

t.test('the pending rest of an array proves nothing while it is pending', async (t) => {
  const tasks = tasksOf(ARRAY);
  tasks.addAccounting(rows(RUNNING));
  t.same(known(tasks), [
    '1 45_1 FAILED p1',
    '2 45_2 COMPLETED p1',
    '3 45_3 RUNNING p1 ...',
    '4 45_4 RUNNING p1 ...',
  ]);
  t.equal(tasks.open, 8);
});

t.test('a cancelled rest is the end of the tasks that never ran', async (t) => {
  const tasks = tasksOf(ARRAY);
  tasks.addAccounting(rows(RUNNING));
  tasks.addAccounting(rows(CANCELLED));
  t.equal(tasks.open, 0);
  t.same(known(tasks).slice(0, 5), [
    '1 45_1 FAILED p1',
    '2 45_2 COMPLETED p1',
    '3 45_3 CANCELLED p1',
    '4 45_4 CANCELLED p1',
    '5 45_5 CANCELLED null',
  ]);
});

t.test('the rest is stale: tasks with rows of their own win, wherever their rows stand', async (t) => {
  /** Only what was pending is cancelled, while 3 has ended well and 4 still runs. */
  const own = ['45_3|COMPLETED|0:0|p1|4|', '45_4|RUNNING|0:0|p1|4|'];
  const rest = '45_[3-10%2]|CANCELLED by 0|0:0|None assigned|0|';
  for (const order of [
    [...own, rest],
    [rest, ...own],
    [own[0], rest, own[1]],
  ]) {
    const tasks = tasksOf(ARRAY);
    tasks.addAccounting(rows(order.join('\n')));
    t.same(known(tasks).slice(0, 3), [
      '3 45_3 COMPLETED p1',
      '4 45_4 RUNNING p1 ...',
      '5 45_5 CANCELLED null',
    ]);
    t.equal(tasks.open, 3, '1, 2 and 4');
  }
});

t.test('a list that was cut proves nothing', async (t) => {
  const tasks = tasksOf({ jobId: '1', array: '1-200', indices: '1-200', count: 200 });
  tasks.addAccounting(
    rows('1_[1-2,4,7,11,16,22,29,37,46,56,67,79,92,106,121,137,154,172,19...]|CANCELLED|0:0||0|'),
  );
  t.equal(tasks.open, 200);
});

t.test('steps tell the memory', async (t) => {
  const tasks = tasksOf({ jobId: '13', array: '1-3', indices: '1-3', count: 3 });
  tasks.addAccounting(
    rows(`
      13_1|COMPLETED|0:0|w1|0|
      13_1.batch|COMPLETED|0:0|w1|0|3268K
      13_2|OUT_OF_MEMORY|0:125|w2|7|
      13_2.batch|OUT_OF_MEMORY|0:125|w2|7|438368K
      13_2.extern|COMPLETED|0:0|w2|7|0
      13_2.0|COMPLETED|0:0|w2|7|500000K
      13_3|COMPLETED|0:0|w1|0|
    `),
  );
  t.same(
    [1, 2, 3].map((index) => tasks.outcomes.get(index)?.maxRss),
    [3268 * 1024, 500_000 * 1024, null],
  );
  t.same(tasks.outcomes.get(2), {
    index: 2,
    job: '13_2',
    state: 'OUT_OF_MEMORY',
    terminal: true,
    exit: { code: 0, signal: 125 },
    scriptExit: null,
    node: 'w2',
    elapsed: 7,
    cpus: 2,
    maxRss: 500_000 * 1024,
    start: STARTED + 1,
    end: STARTED + 7,
  });
  t.equal(tasks.open, 0);
});

t.test('the states of a step are not those of its task', async (t) => {
  const tasks = tasksOf({ jobId: '14', array: null, indices: '0', count: 1 });
  tasks.addAccounting(
    rows(`
      14|COMPLETED|0:0|w2|7|
      14.batch|COMPLETED|0:0|w2|7|12552K
      14.0|OUT_OF_MEMORY|0:125|w2|7|421884K
    `),
  );
  t.same(known(tasks), ['0 14 COMPLETED w2']);
});

t.test('a single job', async (t) => {
  const tasks = tasksOf({ jobId: '9', array: null, indices: '0', count: 1 });
  tasks.addAccounting(rows('9|PENDING|0:0|None assigned|0|'));
  t.same([known(tasks), tasks.open], [['0 9 PENDING null ...'], 1]);
  tasks.addAccounting(rows('9|OUT_OF_MEMORY|0:125|w1|7|\n9.batch|OUT_OF_MEMORY|0:125|w1|7|694248K'));
  t.same([known(tasks), tasks.open], [['0 9 OUT_OF_MEMORY w1'], 0]);
  tasks.addAccounting(rows('9_3|FAILED|1:0|w1|7|'));
  t.same(known(tasks), ['0 9 OUT_OF_MEMORY w1'], 'a task row is not one of a single job');
});

t.test(
  'rows of other jobs, of indices that are not ours, and of the array itself are passed over',
  async (t) => {
    const tasks = tasksOf({ jobId: '45', array: '2-4:2', indices: '2-4:2', count: 2 });
    tasks.addAccounting(
      rows('45|FAILED|1:0|p1|6|\n45_3|FAILED|1:0|p1|6|\n46_2|FAILED|1:0|p1|6|\n45+1|FAILED|1:0|p1|6|'),
    );
    t.same(known(tasks), []);
    t.equal(tasks.open, 2);
  },
);

t.test('a job of another life under the same id is not ours', async (t) => {
  const tasks = tasksOf({ jobId: '45', array: '1-2', indices: '1-2', count: 2 });
  tasks.addAccounting(rows('45_1|COMPLETED|0:0|p1|6|', STARTED - 40 * 3600));
  t.equal(tasks.open, 2);
  tasks.addAccounting(rows('45_1|COMPLETED|0:0|p1|6|', STARTED - 3600));
  t.equal(tasks.open, 1, 'an hour is within what clocks may differ');
  tasks.addAccounting(rows('45_2|COMPLETED|0:0|p1|6|', 'Unknown'));
  t.equal(tasks.open, 0);
});

/** Whether a row of a task is taken for ours, by how long after the round it was submitted, and its comment. */
const OWN: [accounting: boolean, controller: boolean, late: number, comment: string, comments: boolean][] = [
  [true, true, 5, '', true],
  [true, true, 5, 'of his own', true],
  [true, true, 600, `${TOKEN} of his own`, true],
  [true, true, 600, TOKEN, false],
  [false, false, 600, '', true],
  [false, false, 600, 'of his own', true],
  [true, false, 600, '', false],
  [false, false, 5, 'afterok:20251224-053904-t0l3:r2:j1', true],
  [false, false, 5, `${TOKEN}2`, false],
  [false, false, -40 * 3600, '', true],
];

t.test('a job that has been given the id of one of ours is told by its comment, or its time', async (t) => {
  for (const [inAccounting, inController, late, comment, comments] of OWN) {
    const name = `${late} s, comment ${JSON.stringify(comment)}, ${comments ? 'kept' : 'not kept'}`;
    const job = { token: TOKEN, jobId: '45', array: '1', indices: '1', count: 1 };
    const accounted = new RoundTasks(submitted([job], comments));
    accounted.addAccounting(rows('45_1|COMPLETED|0:0|p1|6|', STARTED + late, comment));
    t.equal(accounted.open, inAccounting ? 0 : 1, `accounting: ${name}`);
    const controlled = new RoundTasks(submitted([job], comments));
    const row = controllerRow('JobId=45 ArrayJobId=45 ArrayTaskId=1', 'COMPLETED', '0:0');
    controlled.addController(
      '45',
      parseShowJob(`${row} SubmitTime=${STARTED + late}${comment && ` Comment=${comment}`}`),
    );
    t.equal(controlled.open, inController ? 0 : 1, `controller: ${name}`);
  }
});

t.test('steps go with their job, and what has not ended has no comment yet', async (t) => {
  const tasks = new RoundTasks(submitted([{ jobId: '45', array: '1-2', indices: '1-2', count: 2 }], true));
  tasks.addAccounting(rows('45_1|RUNNING|0:0|p1|6|', STARTED + 600));
  tasks.addAccounting(rows('45_2|COMPLETED|0:0|p1|6|\n45_2.batch|COMPLETED|0:0|p1|6|3M', STARTED + 600));
  t.same(known(tasks), ['1 45_1 RUNNING p1 ...']);
});

t.test('what is not over is open: requeued, completing, or a word to come', async (t) => {
  const tasks = tasksOf({ jobId: '45', array: '1-4', indices: '1-4', count: 4 });
  tasks.addAccounting(rows('45_1|REQUEUED|0:0|p1|6|\n45_2|COMPLETING|0:0|p1|6|\n45_3|HIBERNATED|0:0|p1|6|'));
  t.equal(tasks.open, 4);
  tasks.addAccounting(rows('45_1|COMPLETED|0:0|p1|6|'));
  tasks.addAccounting(rows('45_1|RUNNING|0:0|p2|1|'));
  t.match(known(tasks)[0], '1 45_1 RUNNING p2 ...', 'a later row says that it runs again');
});

t.test('mapped jobs are told by their true indices', async (t) => {
  const tasks = tasksOf(
    { jobId: '45', array: '7', indices: '7', count: 1 },
    { jobId: '46', array: '0-2', indices: '1001,1100-1200:100', count: 3, mapped: true },
  );
  tasks.addAccounting(
    rows('45_7|COMPLETED|0:0|p1|6|\n46_0|FAILED|1:0|p1|6|\n46_[1-3]|CANCELLED|0:0|None assigned|0|'),
  );
  t.same(known(tasks), [
    '7 45_7 COMPLETED p1',
    '1001 46_0 FAILED p1',
    '1100 46_1 CANCELLED null',
    '1200 46_2 CANCELLED null',
  ]);
  t.equal(tasks.open, 0);
});

/** Of `scontrol -o show job`, the fields that are read. */
const controllerRow = (ids: string, state: string, exit: string) =>
  `${ids} JobName=thr UserId=root(0) JobState=${state} Reason=None ExitCode=${exit} RunTime=00:00:06 NodeList=p1`;

t.test('the controller fills gaps', async (t) => {
  const tasks = tasksOf(ARRAY);
  tasks.addAccounting(rows('45_1|FAILED|9:0|p1|6|\n45_2|RUNNING|0:0|p1|1|'));
  tasks.addController(
    '45',
    parseShowJob(
      [
        controllerRow('JobId=46 ArrayJobId=45 ArrayTaskId=1', 'COMPLETED', '0:0'),
        controllerRow('JobId=47 ArrayJobId=45 ArrayTaskId=2', 'FAILED', '137:0'),
        controllerRow('JobId=48 ArrayJobId=45 ArrayTaskId=3', 'RUNNING', '0:0'),
        controllerRow('JobId=45 ArrayJobId=45 ArrayTaskId=4-6%2', 'CANCELLED', '0:0'),
        controllerRow('JobId=50 ArrayJobId=44 ArrayTaskId=7', 'COMPLETED', '0:0'),
      ].join('\n'),
    ),
  );
  t.same(known(tasks), [
    '1 45_1 FAILED p1',
    '2 45_2 FAILED p1',
    '4 45_4 CANCELLED p1',
    '5 45_5 CANCELLED p1',
    '6 45_6 CANCELLED p1',
  ]);
  t.same(tasks.outcomes.get(2)?.exit, { code: 137, signal: 0 }, 'its exit codes are whole');
  t.equal(tasks.outcomes.get(2)?.elapsed, 6);
});

t.test('the controller on a single job', async (t) => {
  const tasks = tasksOf({ jobId: '102', array: null, indices: '0', count: 1 });
  tasks.addController('102', parseShowJob(controllerRow('JobId=102', 'BOOT_FAIL', '0:1')));
  t.same(known(tasks), ['0 102 BOOT_FAIL p1']);
});

t.test('jobs without an id have no rows, and are open', async (t) => {
  const tasks = tasksOf({ jobId: null });
  t.same([tasks.jobIds, tasks.open], [[], 10]);
});

/** A round of four tasks whose controller answered with these rows. */
function askedOfController(...lines: string[]): RoundTasks {
  const tasks = tasksOf({ jobId: '45', array: '1-4', indices: '1-4', count: 4 });
  tasks.addController('45', parseShowJob(lines.join('\n')));
  return tasks;
}

const recordOf = (task: number, change: Parameters<typeof record>[0] = {}) =>
  record({ job: '45', task, index: task, ...change });

const STILL = { end: null, code: null, signal: null };

t.test('records decide of what the controller has forgotten', async (t) => {
  const tasks = askedOfController();
  tasks.addRecords([recordOf(1), recordOf(2, { code: 137 }), recordOf(3, STILL), recordOf(9)], () => 60);
  t.same(known(tasks), ['1 45_1 COMPLETED n1', '2 45_2 FAILED n1']);
  t.equal(tasks.open, 2, 'one that was killed with its wrapper, one that never ran');
  t.match(tasks.outcomes.get(2), {
    exit: { code: 137, signal: 0 },
    scriptExit: { code: 137, signal: 0 },
    elapsed: 30,
    start: 1000,
    end: 1030,
  });
});

t.test('a record proves nothing while the task may be in the queue', async (t) => {
  const silent = tasksOf({ jobId: '45', array: '1-4', indices: '1-4', count: 4 });
  silent.addRecords([recordOf(1)], () => 60);
  t.same([known(silent), silent.open], [[], 4], 'the controller could not be asked');
  const tasks = askedOfController(
    controllerRow('JobId=46 ArrayJobId=45 ArrayTaskId=1', 'COMPLETING', '0:0'),
    controllerRow('JobId=45 ArrayJobId=45 ArrayTaskId=3-4', 'PENDING', '0:0'),
  );
  tasks.addRecords([recordOf(1), recordOf(2), recordOf(3)], () => 60);
  t.same(known(tasks), ['2 45_2 COMPLETED n1']);
});

t.test("Slurm's state beats the record, which says what the script returned", async (t) => {
  const tasks = askedOfController(
    controllerRow('JobId=46 ArrayJobId=45 ArrayTaskId=1', 'OUT_OF_MEMORY', '0:125'),
    controllerRow('JobId=47 ArrayJobId=45 ArrayTaskId=2', 'TIMEOUT', '0:9'),
    controllerRow('JobId=48 ArrayJobId=45 ArrayTaskId=3', 'CANCELLED', '0:15'),
  );
  tasks.addAccounting(rows('45_4|FAILED|0:0|p1|6|'));
  tasks.addRecords(
    [recordOf(1), recordOf(2, { signal: 15 }), recordOf(3, STILL), recordOf(4, { code: 128 })],
    () => 60,
  );
  t.same(
    [1, 2, 3, 4].map((index) => tasks.outcomes.get(index)?.state),
    ['OUT_OF_MEMORY', 'TIMEOUT', 'CANCELLED', 'FAILED'],
  );
  t.same(
    [1, 2, 3, 4].map((index) => tasks.outcomes.get(index)?.scriptExit),
    [{ code: 0, signal: 0 }, { code: 0, signal: 15 }, null, { code: 128, signal: 0 }],
  );
  t.match(tasks.outcomes.get(1), { start: 1000, end: 1030, exit: { code: 0, signal: 125 } });
  t.same(tasks.outcomes.get(4)?.exit, { code: 128, signal: 0 }, 'the code that sacct lost');
});

t.test('accounting that lags behind yields to the record', async (t) => {
  const tasks = tasksOf({ jobId: '45', array: '1-4', indices: '1-4', count: 4 });
  tasks.addAccounting(rows('45_1|RUNNING|0:0|p1|6|'));
  tasks.addController('45', []);
  tasks.addRecords([recordOf(1)], () => 60);
  t.same(known(tasks), ['1 45_1 COMPLETED n1']);
});

t.test('records of a single job and of mapped ones', async (t) => {
  const tasks = tasksOf(
    { jobId: '102', array: null, indices: '0', count: 1 },
    { jobId: '46', array: '0-1', indices: '1001,1100', count: 2, mapped: true },
  );
  tasks.addController('102', []);
  tasks.addController('46', []);
  tasks.addRecords(
    [record({ job: '102', task: null, index: 0 }), record({ job: '46', task: 1, index: 1100, node: '' })],
    () => null,
  );
  t.same(known(tasks), ['0 102 COMPLETED n1', '1100 46_1 COMPLETED n1.cluster']);
});
