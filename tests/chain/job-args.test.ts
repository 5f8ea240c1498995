import t from 'tap';
import type { ChainRequest, HandlerTrigger, RoundJob } from '../../lib/chain/checkpoint.js';
import { chainVariables, handlerJobArgs, roundJobArgs } from '../../lib/chain/job-args.js';
import { TrackerPaths } from '../../lib/chain/paths.js';
import { CHAIN, checkpoint, ladder, level, request, round, roundJob } from './plain-chain.js';

const PATHS = new TrackerPaths('/data/tracker').chain(CHAIN);
const FOLDER = `/data/tracker/chains/${CHAIN}`;
const TOKEN = `afterok:${CHAIN}:r1:j1`;

function argsOf(asked: Partial<ChainRequest>, planned: Partial<RoundJob> = {}, number = 1): string[] {
  const job = roundJob(planned);
  const at = round([roundJob({ array: '7' }), job], { number });
  return roundJobArgs(checkpoint({ request: request(asked), rounds: [at] }), at, job, PATHS);
}

/** The arguments of a plain job, by what they begin with, to be changed. */
const PLAIN = [
  '--hold',
  `--comment=${TOKEN}`,
  '--array=0-9',
  '--partition=devel,day',
  '--mem=1G',
  '--time=00:01:00',
  '--no-requeue',
  '--export=ALL',
  `${FOLDER}/script/job.sh`,
];

t.test('a plain array', async (t) => {
  t.same(argsOf({}), PLAIN);
});

t.test('throttled, with arguments that only exact passing survives', async (t) => {
  const args = ['two words', '--array=5', '-x', '', `'"$(x)\n`];
  t.same(argsOf({ args }, { throttle: 4 }), [...PLAIN.with(2, '--array=0-9%4'), ...args]);
});

t.test('nodes to be avoided stand in one --exclude, whoever named them', async (t) => {
  const { levels } = ladder();
  const own = ladder({ levels: levels.map((entry) => ({ ...entry, exclude: 'n[3-4]' })) });
  const job = roundJob({ exclude: ['d7', 'd8'] });
  const at = round([job]);
  const all = checkpoint({ request: request({ exclude: 'n1,n2' }), ladder: own, rounds: [at] });
  const words = roundJobArgs(all, at, job, PATHS).filter((word) => word.startsWith('--exclude'));
  t.same(words, ['--exclude=n1,n2,n[3-4],d7,d8']);
  t.same(argsOf({ exclude: 'n1' })[6], '--exclude=n1');
});

t.test('a single job', async (t) => {
  t.same(
    argsOf({ array: null }, { array: null, indices: '0', count: 1 }),
    PLAIN.filter((word) => !word.startsWith('--array')),
  );
});

t.test("the person's comment stands behind the token", async (t) => {
  t.same(argsOf({ comment: 'my run, 2' }), PLAIN.with(1, `--comment=${TOKEN} my run, 2`));
});

t.test("the person's options stand above the ladder's, those of the first round in it alone", async (t) => {
  const asked = {
    options: ['--partition=week', '-J', 'name'],
    firstRoundOptions: ['--dependency=afterok:5'],
  };
  const script = PLAIN.at(-1) ?? '';
  t.same(argsOf(asked), [
    ...PLAIN.slice(0, -1),
    '--dependency=afterok:5',
    '--partition=week',
    '-J',
    'name',
    script,
  ]);
  t.same(argsOf(asked, {}, 2), [...PLAIN.slice(0, -1), '--partition=week', '-J', 'name', script]);
});

t.test('without ALL only the named variables are exported, and ours', async (t) => {
  const ours = 'MEM_ESCALATE_CHAIN_ID,MEM_ESCALATE_LEVEL';
  for (const mode of ['NONE', 'NIL'] as const) {
    t.same(argsOf({ export: { mode, names: ['A', 'B'] } }).at(-2), `--export=A,B,${ours}`);
    t.same(argsOf({ export: { mode, names: [] } }).at(-2), `--export=${ours}`);
  }
  t.same(
    argsOf({ export: { mode: 'ALL', names: ['A'] } }).at(-2),
    '--export=ALL',
    'values go through the environment',
  );
  t.same(chainVariables(checkpoint(), 2), { MEM_ESCALATE_CHAIN_ID: CHAIN, MEM_ESCALATE_LEVEL: '2' });
  const axes = { mem: 3, time: 2, partitions: null };
  t.same(
    chainVariables(checkpoint({ ladder: ladder({ axes }) }), 5),
    { MEM_ESCALATE_CHAIN_ID: CHAIN, MEM_ESCALATE_LEVEL: '2', MEM_ESCALATE_TIME_LEVEL: '1' },
    'on axes one level of memory and one of time',
  );
});

t.test('a mapped job runs its wrapper, its output marked', async (t) => {
  const mapped = { array: '0-3', indices: '2001-2004', count: 4, mapped: true };
  const expected = (output: string) => [
    ...PLAIN.with(2, '--array=0-3').slice(0, -1),
    `--output=${output}`,
    `${FOLDER}/round-1-job-2/job.sh`,
  ];
  t.same(argsOf({}, mapped), expected('slurm-%A_@mapped%a@.out'));
  t.same(argsOf({ output: 'logs/%x-%4a.txt' }, mapped), expected('logs/%x-@mapped%4a@.txt'));
  t.same(argsOf({ error: '%a.err' }, mapped).slice(-3, -1), [
    '--output=slurm-%A_@mapped%a@.out',
    '--error=@mapped%a@.err',
  ]);
  const options = ['--output=logs/%a.txt'];
  const words = argsOf({ output: 'logs/%a.txt', options }, mapped);
  t.ok(
    words.indexOf('--output=logs/@mapped%a@.txt') > words.indexOf('--output=logs/%a.txt'),
    'the last one counts',
  );
});

t.test('a job whose attempts are recorded runs a wrapper, its output as it is', async (t) => {
  const job = roundJob();
  const at = round([job]);
  const evidence = { accounting: false, records: true, comments: false };
  const words = roundJobArgs(checkpoint({ evidence, rounds: [at] }), at, job, PATHS);
  t.same(words, PLAIN.with(-1, `${FOLDER}/round-1-job-1/job.sh`));
});

t.test('everything that a level can ask for', async (t) => {
  const full = level({
    partition: 'week',
    mem: 945_312 * 1024,
    time: Number.POSITIVE_INFINITY,
    qos: 'high',
    account: 'lab',
    constraint: 'avx&ssd',
    gres: 'gpu:1',
    cpus: 4,
    exclude: 'n[1-2]',
  });
  const job = roundJob({ exclude: ['n7', 'n9'] });
  const at = round([job]);
  const state = checkpoint({ ladder: ladder({ levels: [full] }), rounds: [at] });
  t.same(roundJobArgs(state, at, job, PATHS).slice(3, 12), [
    '--partition=week',
    '--mem=945312K',
    '--time=UNLIMITED',
    '--qos=high',
    '--account=lab',
    '--constraint=avx&ssd',
    '--gres=gpu:1',
    '--cpus-per-task=4',
    '--exclude=n[1-2],n7,n9',
  ]);
  const retry = roundJob({ exclude: ['n7'] });
  const again = round([retry]);
  t.match(roundJobArgs(checkpoint({ rounds: [again] }), again, retry, PATHS), [
    /./,
    /./,
    /./,
    /./,
    /./,
    /./,
    '--exclude=n7',
  ]);
});

t.test('all memory of a node, and a level that asks for nothing', async (t) => {
  const at = round([roundJob()]);
  const words = (asks: Parameters<typeof level>[0]) =>
    roundJobArgs(
      checkpoint({ ladder: ladder({ levels: [level(asks)] }), rounds: [at] }),
      at,
      at.jobs[0] ?? roundJob(),
      PATHS,
    );
  t.ok(words({ mem: 0 }).includes('--mem=0'));
  t.same(
    words({}),
    PLAIN.filter((word) => !/^--(partition|mem|time)/.test(word)),
  );
});

t.test('a level that the ladder does not have is a defect', async (t) => {
  t.throws(() => argsOf({}, { level: 9 }), { message: /no level 9/ });
});

const HANDLER = [
  `--job-name=afterok-${CHAIN}`,
  `--comment=afterok:${CHAIN}:r1:h1`,
  '--dependency=afternotok:806',
  '--kill-on-invalid-dep=yes',
  '--partition=day',
  '--mem=301M',
  '--time=00:10:00',
  '--ntasks=1',
  '--cpus-per-task=1',
  '--requeue',
  '--open-mode=append',
  `--output=${FOLDER}/handler-%j.log`,
  `--chdir=${FOLDER}`,
  '--export=ALL',
  `${FOLDER}/on-failure.sh`,
];

function handlerArgs(trigger: HandlerTrigger, ids: string[], delay = 0): string[] {
  const at = round(ids.map((jobId) => roundJob({ jobId })));
  const handler = { token: `afterok:${CHAIN}:r1:h1`, trigger, jobId: null };
  return handlerJobArgs(checkpoint({ rounds: [at] }), at, handler, PATHS, delay);
}

t.test('handlers, by what starts them', async (t) => {
  t.same(handlerArgs('afternotok', ['806']), HANDLER);
  t.same(
    handlerArgs('afterok', ['806']),
    HANDLER.with(2, '--dependency=afterok:806').with(-1, `${FOLDER}/on-success.sh`),
  );
  t.same(
    handlerArgs('afterany', ['806', '807', '808']),
    HANDLER.with(2, '--dependency=afterany:806:807:808'),
  );
  const later = handlerArgs('again', ['806'], 120);
  t.same(later, [...HANDLER.slice(0, 2), '--begin=now+120', ...HANDLER.slice(4)]);
});

t.test('handlers of a site with accounts', async (t) => {
  const at = round([roundJob({ jobId: '806' })]);
  const handler = { partition: null, mem: 2 ** 30, time: 60, account: 'lab', qos: 'high' };
  const state = checkpoint({ rounds: [at], handler });
  const words = handlerJobArgs(state, at, { token: 'x', trigger: 'afterok', jobId: null }, PATHS, 0);
  t.match(words, [
    /^--job-name/,
    '--comment=x',
    /afterok/,
    /^--kill/,
    '--mem=1G',
    '--time=00:01:00',
    '--account=lab',
    '--qos=high',
  ]);
});
