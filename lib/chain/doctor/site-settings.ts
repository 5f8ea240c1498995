import type { StatePolicy } from '../ladder.js';
import { bad, type Finding, ok, warn } from './finding.js';

/** slurm.conf as the controller shows it. A key that it does not show reads as the empty text. */
class Settings {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  text(key: string): string {
    const value = this.values.get(key) ?? '';
    return value === '(null)' ? '' : value;
  }

  /** The leading number of `300 sec`; NaN for none. */
  number(key: string): number {
    return Number.parseInt(this.text(key), 10);
  }

  has(key: string, word: RegExp): boolean {
    return word.test(this.text(key));
  }
}

type Check = (settings: Settings, policy: StatePolicy) => Finding;

/** Seconds below which a job is forgotten before anybody has looked at it. */
const SHORT_MEMORY = 60;

/** Slurm's default, which an array of ten thousand tasks exceeds. */
const FEW_JOBS = 10_000;

const CHECKS: readonly Check[] = [
  (settings) => {
    const size = settings.number('MaxArraySize');
    const found = settings.text('MaxArraySize') || 'not shown';
    if (size === 0)
      return bad('MaxArraySize', found, 'the site has no array jobs', 'ask the site to set MaxArraySize');
    return ok(
      'MaxArraySize',
      found,
      `indices up to ${(Number.isNaN(size) ? 1001 : size) - 1} run as they are, larger ones by an index map`,
    );
  },
  (settings) => {
    const count = settings.number('MaxJobCount');
    const found = settings.text('MaxJobCount') || 'not shown';
    if (count > FEW_JOBS || Number.isNaN(count))
      return ok('MaxJobCount', found, 'room in the queue; every array task counts');
    return warn(
      'MaxJobCount',
      found,
      'every array task of everybody counts: sbatch waits and then refuses when the queue is full',
      'submit fewer tasks at a time; a round that is refused is taken up by --resume',
    );
  },
  (settings) => {
    const type = settings.text('AccountingStorageType') || 'none';
    if (/slurmdbd/.test(type)) return ok('accounting', type, 'outcomes are proved by accounting');
    return warn(
      'accounting',
      type,
      `the controller forgets jobs after ${settings.text('MinJobAge') || 'some minutes'}; then completion records decide, and a task that was killed with its wrapper stays unknown`,
      'ask the site for slurmdbd; chains work without',
    );
  },
  (settings) => {
    const flags = settings.text('AccountingStoreFlags');
    if (/job_comment/.test(flags)) return ok('job comments', flags, 'tokens can be found in accounting too');
    return warn(
      'job comments',
      `AccountingStoreFlags=${flags || 'none'}`,
      'tokens are seen in the queue only, not once a job is forgotten',
      'ask the site for AccountingStoreFlags=job_comment; chains work without',
    );
  },
  (settings, policy) => {
    const [mode, type] = [settings.text('PreemptMode') || 'OFF', settings.text('PreemptType')];
    if (/^OFF$/i.test(mode) || /none$/.test(type)) return ok('preemption', mode, 'no job is preempted');
    const found = `${mode}, ${type}`;
    const meaning =
      'chains submit with --no-requeue: a preempted task ends PREEMPTED, and the ladder decides';
    if (policy.states.PREEMPTED !== 'escalate') return ok('preemption', found, meaning);
    return warn(
      'preemption',
      found,
      `${meaning}; this one sends it to a higher level though it lacked nothing`,
      'in the ladder: state_handling: {PREEMPTED: retry}',
    );
  },
  (settings) => {
    const age = settings.number('MinJobAge');
    const found = settings.text('MinJobAge') || 'not shown';
    if (age === 0 || age >= SHORT_MEMORY || Number.isNaN(age))
      return ok('MinJobAge', found, 'jobs are remembered long enough for dependencies on them');
    return warn(
      'MinJobAge',
      found,
      'a dependency on a forgotten job fires at once, whatever became of it; handlers decide by accounting alone',
      'ask the site for MinJobAge=300',
    );
  },
  (settings) =>
    ok(
      'JobRequeue',
      settings.text('JobRequeue') || 'not shown',
      'chains submit with --no-requeue: one layer retries',
    ),
  (settings) =>
    ok(
      'DependencyParameters',
      settings.text('DependencyParameters') || 'none',
      settings.has('DependencyParameters', /kill_invalid_depend/)
        ? 'jobs that can never start are removed'
        : 'chains submit handlers with --kill-on-invalid-dep=yes themselves',
    ),
  memoryEnforcement,
  (settings) => {
    const found = settings.text('SelectTypeParameters') || settings.text('SelectType');
    if (/mem/i.test(found))
      return ok('memory as a resource', found, 'nodes are not filled beyond their memory');
    return warn(
      'memory as a resource',
      found || 'none',
      'jobs share nodes without regard to memory: a task can die for what its neighbour uses',
      'ask the site for SelectTypeParameters=CR_Core_Memory',
    );
  },
  (settings) => {
    const found = settings.text('ProctrackType') || 'not shown';
    if (/cgroup/.test(found)) return ok('ProctrackType', found, 'all processes of a job end with it');
    return warn(
      'ProctrackType',
      found,
      'processes that leave their session outlive the job and its limits',
      'ask the site for proctrack/cgroup',
    );
  },
  (settings) =>
    ok(
      'EnforcePartLimits',
      settings.text('EnforcePartLimits') || 'NO',
      settings.has('EnforcePartLimits', /ALL|ANY|YES/i)
        ? 'sbatch refuses what no partition allows'
        : 'sbatch takes jobs that pend for ever; mem-escalate checks levels against partitions itself',
    ),
];

/** What makes a task that needs more memory end, and how that looks. */
function memoryEnforcement(settings: Settings): Finding {
  const plugins = settings.text('TaskPlugin');
  const constrains = settings.text('ConstrainRAMSpace');
  const found = `TaskPlugin=${plugins || 'none'}${constrains === '' ? '' : `, ConstrainRAMSpace=${constrains}`}`;
  // Sites that do not show cgroup.conf get the benefit of the doubt.
  if (/cgroup/.test(plugins) && !/^no$/i.test(constrains))
    return ok('memory limits', found, 'tasks beyond their memory end OUT_OF_MEMORY');
  if (settings.has('JobAcctGatherParams', /OverMemoryKill/i)) {
    return warn(
      'memory limits',
      `${found}, OverMemoryKill`,
      'memory is sampled: short bursts pass, and tasks beyond it end FAILED 0:9',
      'in the ladder: state_handling: {exit_codes: {137: escalate}}, which is the default',
    );
  }
  return bad(
    'memory limits',
    found,
    'nothing ends a task at its memory: it takes from its neighbours, and no task climbs for memory',
    'ask the site for task/cgroup with ConstrainRAMSpace=yes',
  );
}

/** Judges a site's configuration. Pure: `values` are those of `scontrol show config`. */
export function siteFindings(values: ReadonlyMap<string, string>, policy: StatePolicy): Finding[] {
  const settings = new Settings(values);
  return CHECKS.map((check) => check(settings, policy));
}

/** Clocks that differ more than this make times in reports wrong, and a lock look older than it is. */
const CLOCK_TOLERANCE = 5;

/** @param clocks seconds since the epoch, null where nobody told */
export function clockFinding(
  now: number,
  clocks: { controller: number | null; tracker: number | null },
): Finding {
  const apart = Object.entries(clocks).flatMap(([name, clock]) =>
    clock === null ? [] : [{ name, seconds: Math.round(clock - now) }],
  );
  const found = apart.map(({ name, seconds }) => `${name} ${seconds >= 0 ? '+' : ''}${seconds} s`).join(', ');
  if (apart.every(({ seconds }) => Math.abs(seconds) <= CLOCK_TOLERANCE))
    return ok('clock', found || 'nothing to compare with', 'the clocks agree');
  return warn(
    'clock',
    found,
    'times in reports are off, and a lock can be taken for abandoned',
    'ask the site to synchronise clocks (chrony, ntp); chains order events by sequence, not by clock',
  );
}
