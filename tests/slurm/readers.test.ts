import fc from 'fast-check';
import t from 'tap';
import { formatExitCode } from '../../lib/slurm/exit-code.js';
import { formatJobId } from '../../lib/slurm/job-id.js';
import { parseAccounting } from '../../lib/slurm/sacct.js';
import { parseParsable } from '../../lib/slurm/sbatch.js';
import { parseShowJob } from '../../lib/slurm/scontrol.js';
import { parsePartitions } from '../../lib/slurm/sinfo.js';
import { parseQueue } from '../../lib/slurm/squeue.js';

fc.configureGlobal({ seed: 20251224 });

/** What a site prints around everything. */
const BANNER = `*** Welcome to the cluster! Maintenance: 2026-12-01 | see https://example.org ***
12 nodes are idle

`;

const PARSABLE: [string, string | null][] = [
  ['105\n', '105'],
  ['107;cluster\n', '107'],
  ['107;my-site.org_2\n', '107'],
  [`${BANNER}105\n`, '105'],
  [`105\n${BANNER}`, '105'],
  ['104\n105\n', '105'],
  ['  105 \r\n', '105'],
  ['Submitted batch job 105\n', null],
  ['105 106\n', null],
  ['sbatch: lua: 12 rules\n105', '105'],
  [BANNER, null],
  ['', null],
  ['107;\n', null],
  ['-5\n', null],
];

t.test('the id that sbatch prints', async (t) => {
  for (const [stdout, id] of PARSABLE) t.equal(parseParsable(stdout), id, JSON.stringify(stdout));
});

/** `-n -P` with the twelve columns that are asked for. */
const ACCOUNTING = `45_1|46|FAILED|9:0|p1|6|2|1|1795227818|1795227819|1795227825|afterok:c:r1:j1 my|own
45_1.batch|46.batch|FAILED|9:0|p1|6|2|3336K|1795227819|1795227819|1795227825|
45_3|48|RUNNING|0:0|p1|2|1||1795227818|1795227825|Unknown|
45_[3-10%2]|45|CANCELLED by 0|0:0|None assigned|0|0||1795227818|None|1795227829|
14.0|14.0|OUT_OF_MEMORY|0:125|w2|7|4|421884K|1795227818|1795227818|1795227825|
92.batch|92.batch|CANCELLED||d7|44|||1795227818|1795227818|1795227862|
`;

t.test('rows of accounting', async (t) => {
  const rows = parseAccounting(`${BANNER}${ACCOUNTING}slurm: bye\n`);
  t.same(
    rows.map(({ id, state, exit, nodes, elapsed, cpus, maxRss }) =>
      [formatJobId(id), state.state, formatExitCode(exit), nodes, elapsed, cpus, maxRss].join(' '),
    ),
    [
      '45_1 FAILED 9:0 p1 6 2 1',
      `45_1.batch FAILED 9:0 p1 6 2 ${3336 * 1024}`,
      '45_3 RUNNING 0:0 p1 2 1 ',
      '45_[3-10%2] CANCELLED 0:0  0 0 ',
      `14.0 OUT_OF_MEMORY 0:125 w2 7 4 ${421_884 * 1024}`,
      '92.batch CANCELLED 0:0 d7 44  ',
    ],
  );
  t.equal(rows[0]?.comment, 'afterok:c:r1:j1 my|own', 'a separator in it is not escaped');
  t.match(rows[2], { rawId: '48', submit: 1_795_227_818, start: 1_795_227_825, end: null });
  t.match(rows[3], { start: null, end: 1_795_227_829, state: { cancelledBy: 0 } });
});

t.test('rows of accounting that cannot be read are passed over', async (t) => {
  const odd = [
    'JobID|JobIDRaw|State|ExitCode|NodeList|ElapsedRaw|AllocCPUS|MaxRSS|Submit|Start|End|Comment',
    '45_1|46|FAILED|9:0|p1|6|1||1795227818|1795227819|1795227825',
    '45_x|46|FAILED|9:0|p1|6|1||1795227818|1795227819|1795227825|',
    '45_1|46|FAILED|nine|p1|6|1||1795227818|1795227819|1795227825|',
    '45_1|46|FAILED|9:0|p1|6|1|much|1795227818|1795227819|1795227825|',
    'sacct: 1|2|3|4|5|6|7|8|9|10|11|12',
  ];
  t.same(parseAccounting(odd.join('\n')), []);
});

t.test('rows of the queue', async (t) => {
  const stdout = `${BANNER}45_[5-6,9-10%2]|PENDING|JobArrayTaskLimit|afterok:c:r1:j1 my|own
45_4|RUNNING|None|(null)
1714_[0-20000]|PENDING|JobHeldUser|
5|PENDING|ReqNodeNotAvail, UnavailableNodes:d1|x
no|ROW|at|all
99999999999|PENDING|None|id of too many digits
JOBID|STATE|REASON|COMMENT
`;
  t.same(
    parseQueue(stdout).map(({ id, state, reason, comment }) => [
      formatJobId(id),
      state.state,
      reason,
      comment,
    ]),
    [
      ['45_[5-6,9-10%2]', 'PENDING', 'JobArrayTaskLimit', 'afterok:c:r1:j1 my|own'],
      ['45_4', 'RUNNING', 'None', ''],
      ['1714_[0-20000]', 'PENDING', 'JobHeldUser', ''],
      ['5', 'PENDING', 'ReqNodeNotAvail, UnavailableNodes:d1', 'x'],
    ],
  );
});

/** As `scontrol -o show job` prints it, on one line. */
const SHOWN =
  'JobId=102 JobName=bootfail UserId=root(0) GroupId=root(0) MCS_label=N/A Priority=4294901670 Nice=0 Account=root ' +
  'QOS=normal JobState=BOOT_FAIL Reason=JobLaunchFailure Dependency=(null) Requeue=0 Restarts=0 BatchFlag=1 Reboot=0 ' +
  'ExitCode=0:1 RunTime=00:00:02 TimeLimit=00:01:00 TimeMin=N/A SubmitTime=2026-11-21T02:31:34 ' +
  'Partition=devel AllocNode:Sid=localhost:2067 ReqNodeList=(null) ExcNodeList=d[2-3] NodeList=d1 BatchHost=d1 ' +
  'NumNodes=1 NumCPUs=1 Command=(null) WorkDir=/home/ada StdOut=/home/ada/slurm-102.out Power= ';

t.test('jobs that the controller shows', async (t) => {
  const array = SHOWN.replace('JobId=102 ', 'JobId=45 ArrayJobId=45 ArrayTaskId=3-10%2 ArrayTaskThrottle=2 ')
    .replace('BOOT_FAIL', 'PENDING')
    .replace('NodeList=d1', 'NodeList=(null)')
    .replace('00:00:02', '1-00:00:02');
  const rows = parseShowJob(`${BANNER}${SHOWN}\n${array}\nNo jobs in the system\n`);
  const [first, second] = rows;
  t.equal(rows.length, 2);
  t.match(first, { jobId: '102', arrayJobId: null, arrayTask: null, state: { state: 'BOOT_FAIL' } });
  t.match(first, { exit: { code: 0, signal: 1 }, nodes: 'd1', elapsed: 2, cpus: 1 });
  t.match(second, { jobId: '45', arrayJobId: '45', arrayTask: '3-10', nodes: null, elapsed: 86_402 });
});

t.test('jobs that the controller shows oddly', async (t) => {
  t.same(parseShowJob(SHOWN.replace('ExitCode=0:1', 'ExitCode=?')), []);
  t.same(parseShowJob(SHOWN.replace('RunTime=00:00:02', 'RunTime=ages')), []);
  t.same(parseShowJob(SHOWN.replace('JobState=', 'State=')), []);
  t.match(parseShowJob(SHOWN.replace('RunTime=00:00:02', 'RunTime=INVALID')), [{ elapsed: 0 }]);
  t.match(parseShowJob(SHOWN.replace('NumCPUs=1', 'NumCPUs=4-8')), [{ cpus: 4 }]);
  t.match(parseShowJob(SHOWN.replace('NumCPUs=1', '')), [{ cpus: null }]);
  t.match(parseShowJob(SHOWN.replace('BOOT_FAIL', 'HIBERNATED')), [{ state: { state: 'UNKNOWN' } }]);
});

t.test('partitions', async (t) => {
  const stdout = `${BANNER}devel|up|1:00|1024|4|10|d[1-10]
day*|up|infinite|2048+|4+|5|n[1-5]
my-part.2|drain|1-00:00:00|16384|8|1|p1
odd|up|n/a|1024|4|1|x
PARTITION|AVAIL|TIMELIMIT|MEMORY|CPUS|NODES|NODELIST
`;
  const row = { isDefault: false, up: true, maxTime: 60, memory: 2 ** 30, cpus: 4 };
  t.same(parsePartitions(stdout), [
    { ...row, partition: 'devel', nodes: 10, nodeList: 'd[1-10]' },
    {
      ...row,
      partition: 'day',
      isDefault: true,
      maxTime: Number.POSITIVE_INFINITY,
      memory: 2 ** 31,
      nodes: 5,
      nodeList: 'n[1-5]',
    },
    {
      ...row,
      partition: 'my-part.2',
      up: false,
      maxTime: 86400,
      memory: 2 ** 34,
      cpus: 8,
      nodes: 1,
      nodeList: 'p1',
    },
  ]);
});

/** Lines that are nearly rows. */
const SAMPLES = [
  ...ACCOUNTING.split('\n'),
  SHOWN,
  '45_4|RUNNING|None|(null)',
  'devel|up|1:00|1024|4|10|d[1-10]',
];

const line = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '|',
        '45',
        '_',
        '[',
        ']',
        '%',
        '1-3',
        '.batch',
        ' ',
        'JobId=',
        'JobState=',
        'ExitCode=',
        '9:0',
        'up',
        '*',
        ':',
      ),
      { maxLength: 25 },
    )
    .map((words) => words.join('')),
  fc
    .tuple(fc.constantFrom(...SAMPLES), fc.nat(400), fc.nat(8), fc.string({ maxLength: 4 }))
    .map(([text, at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length)),
);

t.test('no reader throws, whatever the lines', async () => {
  const readers = [parseAccounting, parseQueue, parseShowJob, parsePartitions, parseParsable];
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      for (const read of readers) read(lines.join('\n'));
    }),
    { numRuns: 500 },
  );
});
