import t from 'tap';
import { isShared, mountOf } from '../../../lib/chain/doctor/filesystem.js';
import type { Grade } from '../../../lib/chain/doctor/finding.js';
import { leftoverFindings } from '../../../lib/chain/doctor/leftovers.js';
import { clockFinding, siteFindings } from '../../../lib/chain/doctor/site-settings.js';
import { nodeFinding, trackerFindings } from '../../../lib/chain/doctor/tracker-checks.js';
import { DEFAULT_POLICY } from '../../../lib/chain/ladder.js';
import { TrackerPaths } from '../../../lib/chain/paths.js';
import { parseConfig } from '../../../lib/slurm/scontrol.js';
import { parseQueue } from '../../../lib/slurm/squeue.js';

/** Of `scontrol show config`, Slurm 22.05: what is looked at, on a site where all is well. */
const CONFIG = `Configuration data as of 1795254440
AccountingStorageType   = accounting_storage/slurmdbd
AccountingStoreFlags    = job_comment
DependencyParameters    = (null)
EnforcePartLimits       = NO
JobAcctGatherParams     = (null)
JobRequeue              = 1
MaxArraySize            = 10001
MaxJobCount             = 100000
MinJobAge               = 300 sec
PreemptMode             = OFF
PreemptType             = preempt/none
ProctrackType           = proctrack/cgroup
SelectTypeParameters    = CR_CPU_MEMORY
TaskPlugin              = task/cgroup

Cgroup Support Configuration:
ConstrainRAMSpace       = yes

Slurmctld(primary) at vm is UP
`;

t.test('the controller shows its clock', async (t) => {
  t.equal(parseConfig(CONFIG).clock, 1_795_254_440);
  t.ok(parseConfig('Configuration data as of 2026-11-21T09:47:20').clock);
  t.equal(parseConfig('Configuration data as of yore').clock, null);
  t.equal(parseConfig('').clock, null);
});

function grades(change: Record<string, string>, policy = DEFAULT_POLICY): Record<string, Grade> {
  const settings = new Map([...parseConfig(CONFIG).settings, ...Object.entries(change)]);
  return Object.fromEntries(siteFindings(settings, policy).map(({ check, grade }) => [check, grade]));
}

t.test('a site where all is well', async (t) => {
  t.same(new Set(Object.values(grades({}))), new Set(['ok']));
});

const SETTINGS: [change: Record<string, string>, check: string, Grade][] = [
  [{ MaxArraySize: '0' }, 'MaxArraySize', 'bad'],
  [{ MaxArraySize: '4000001' }, 'MaxArraySize', 'ok'],
  [{ MaxJobCount: '10000' }, 'MaxJobCount', 'warn'],
  [{ AccountingStorageType: 'accounting_storage/none' }, 'accounting', 'warn'],
  [{ AccountingStorageType: '(null)' }, 'accounting', 'warn'],
  [{ AccountingStoreFlags: '(null)' }, 'job comments', 'warn'],
  [{ AccountingStoreFlags: 'job_script,job_comment' }, 'job comments', 'ok'],
  [{ PreemptMode: 'REQUEUE', PreemptType: 'preempt/qos' }, 'preemption', 'warn'],
  [{ PreemptMode: 'CANCEL', PreemptType: 'preempt/partition_prio' }, 'preemption', 'warn'],
  [{ PreemptMode: 'CANCEL', PreemptType: 'preempt/none' }, 'preemption', 'ok'],
  [{ MinJobAge: '2 sec' }, 'MinJobAge', 'warn'],
  [{ MinJobAge: '0 sec' }, 'MinJobAge', 'ok'],
  [{ DependencyParameters: 'kill_invalid_depend' }, 'DependencyParameters', 'ok'],
  [{ TaskPlugin: 'task/none' }, 'memory limits', 'bad'],
  [{ TaskPlugin: 'task/affinity' }, 'memory limits', 'bad'],
  [{ TaskPlugin: 'task/affinity,task/cgroup' }, 'memory limits', 'ok'],
  [{ ConstrainRAMSpace: 'no' }, 'memory limits', 'bad'],
  [{ TaskPlugin: 'task/none', JobAcctGatherParams: 'OverMemoryKill' }, 'memory limits', 'warn'],
  [{ SelectTypeParameters: 'CR_CORE' }, 'memory as a resource', 'warn'],
  [{ ProctrackType: 'proctrack/linuxproc' }, 'ProctrackType', 'warn'],
  [{ EnforcePartLimits: 'ALL' }, 'EnforcePartLimits', 'ok'],
];

t.test('what settings mean', async (t) => {
  for (const [change, check, grade] of SETTINGS) {
    const found = grades(change);
    t.equal(found[check], grade, JSON.stringify(change));
    const others = Object.entries(found).filter(([name]) => name !== check);
    t.ok(
      others.every(([, other]) => other === 'ok'),
      'and nothing else changes',
    );
  }
});

t.test('preempted tasks that do not climb are well', async (t) => {
  const policy = { ...DEFAULT_POLICY, states: { ...DEFAULT_POLICY.states, PREEMPTED: 'retry' as const } };
  t.equal(grades({ PreemptMode: 'REQUEUE', PreemptType: 'preempt/qos' }, policy).preemption, 'ok');
});

t.test('a site that shows nothing is not called good', async (t) => {
  const found = siteFindings(new Map(), DEFAULT_POLICY).filter(({ grade }) => grade === 'bad');
  t.same(
    found.map(({ check }) => check),
    ['memory limits'],
  );
});

t.test('what is not well says what to do', async (t) => {
  for (const [change] of SETTINGS) {
    const settings = new Map([...parseConfig(CONFIG).settings, ...Object.entries(change)]);
    for (const { grade, advice, found, meaning } of siteFindings(settings, DEFAULT_POLICY)) {
      t.equal(advice === null, grade === 'ok');
      t.ok(found !== '' && meaning !== '');
    }
  }
});

t.test('clocks', async (t) => {
  t.match(clockFinding(1000, { controller: 1002, tracker: null }), { grade: 'ok', found: 'controller +2 s' });
  t.match(clockFinding(1000, { controller: 1000, tracker: 940 }), {
    grade: 'warn',
    found: 'controller +0 s, tracker -60 s',
  });
  t.match(clockFinding(1000, { controller: null, tracker: null }), { grade: 'ok' });
});

const MOUNTS = `/dev/vda / ext4 rw 0 0
tmpfs /tmp tmpfs rw 0 0
nas:/export/home /home nfs4 rw,vers=4.2 0 0
10.0.0.1@tcp:/scratch /scratch lustre rw 0 0
/dev/vdb /home/local ext4 rw 0 0
autofs /net autofs rw 0 0
nas:/net /net nfs rw 0 0
nas:/odd /my\\040data nfs rw 0 0
`;

t.test('the filesystem of a path', async (t) => {
  const rows: [path: string, point: string, shared: boolean][] = [
    ['/var/x', '/', false],
    ['/tmp', '/tmp', false],
    ['/tmpfoo', '/', false],
    ['/home/ada', '/home', true],
    ['/home/local/ada', '/home/local', false],
    ['/scratch/a/b', '/scratch', true],
    ['/net/a', '/net', true],
    ['/my data/x', '/my data', true],
  ];
  for (const [path, point, shared] of rows) {
    const mount = mountOf(path, MOUNTS);
    t.equal(mount?.point, point, path);
    t.equal(mount !== null && isShared(mount), shared, path);
  }
  t.equal(mountOf('/x', ''), null);
  for (const type of ['gpfs', 'beegfs', 'ceph', 'fuse.sshfs', 'cifs', 'fuse.glusterfs'])
    t.ok(isShared({ type, point: '/', source: 'x' }), type);
  for (const type of ['xfs', 'btrfs', 'fuse.rclone', 'overlay', 'zfs'])
    t.notOk(isShared({ type, point: '/', source: 'x' }), type);
});

t.test('the tracker as it is seen from here', async (t) => {
  const folder = t.testdir({});
  const { findings, clock } = trackerFindings(new TrackerPaths(`${folder}/not/there/yet`));
  t.same(
    findings.map(({ check }) => check),
    ['tracker', 'tracker space'],
  );
  t.ok(Math.abs((clock ?? 0) - Date.now() / 1000) < 5);
  const { findings: refused } = trackerFindings(new TrackerPaths('/proc/nowhere'));
  t.match(refused[1], { check: 'tracker writable', grade: 'bad' });
  t.match(nodeFinding(), { check: 'node', found: new RegExp(process.version) });
});

const ENDED = '20251224-053904-t0l3';
const STALLED = '20251224-053905-t0l3';
const LIVE = '20251224-053906-t0l3';
const CHAINS = new Map([
  [ENDED, 'ended'],
  [STALLED, 'stalled'],
  [LIVE, 'live'],
] as const);

t.test('leftovers', async (t) => {
  const queue = parseQueue(`101|PENDING|Dependency|afterok:${ENDED}:r1:h2
102_[1-4]|PENDING|Priority|afterok:20990101-000000-none:r1:j1
102_5|RUNNING|None|afterok:20990101-000000-none:r1:j1
103|PENDING|DependencyNeverSatisfied|afterok:${LIVE}:r1:h1 mine
104|RUNNING|None|afterok:${LIVE}:r2:j1
105|RUNNING|None|afterok:${ENDED}:r2:h1
106|PENDING|Priority|afterok:doctor
107|PENDING|Priority|not ours
`);
  t.match(leftoverFindings(queue, CHAINS), [
    { check: 'jobs of ended chains', grade: 'warn', found: '101', advice: 'scancel 101' },
    { check: 'jobs of unknown chains', found: '102', advice: /scancel 102$/ },
    { check: 'jobs that can never start', found: '103' },
    { check: 'stalled chains', found: STALLED, advice: `mem-escalate --resume ${STALLED}` },
  ]);
  const none = leftoverFindings(queue.slice(4, 6), new Map([[LIVE, 'live']]));
  t.match(none, [{ check: 'leftovers', grade: 'ok', found: '1 chain, 1 queue entries of chains' }]);
});
