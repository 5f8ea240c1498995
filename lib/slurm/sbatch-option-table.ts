/** As in getopt_long: an optional value must be attached, `--nice=5` or `-koff`; `--nice 5` leaves the 5 alone. */
export interface OptionRule {
  value: 'required' | 'optional' | 'none';
  short?: string;
}

/** What sbatch 22.05 itself knows; its help leaves some out. */
const OPTIONS_22_05 = {
  account: { value: 'required', short: 'A' },
  'acctg-freq': { value: 'required' },
  array: { value: 'required', short: 'a' },
  batch: { value: 'required' },
  bb: { value: 'required' },
  bbf: { value: 'required' },
  begin: { value: 'required', short: 'b' },
  chdir: { value: 'required', short: 'D' },
  'cluster-constraint': { value: 'required' },
  clusters: { value: 'required', short: 'M' },
  comment: { value: 'required' },
  constraint: { value: 'required', short: 'C' },
  container: { value: 'required' },
  context: { value: 'required' },
  contiguous: { value: 'none' },
  'core-spec': { value: 'required', short: 'S' },
  'cores-per-socket': { value: 'required' },
  'cpu-freq': { value: 'required' },
  'cpus-per-gpu': { value: 'required' },
  'cpus-per-task': { value: 'required', short: 'c' },
  deadline: { value: 'required' },
  'delay-boot': { value: 'required' },
  dependency: { value: 'required', short: 'd' },
  distribution: { value: 'required', short: 'm' },
  error: { value: 'required', short: 'e' },
  exclude: { value: 'required', short: 'x' },
  exclusive: { value: 'optional' },
  export: { value: 'required' },
  'export-file': { value: 'required' },
  'extra-node-info': { value: 'required', short: 'B' },
  'get-user-env': { value: 'optional' },
  gid: { value: 'required' },
  'gpu-bind': { value: 'required' },
  'gpu-freq': { value: 'required' },
  gpus: { value: 'required', short: 'G' },
  'gpus-per-node': { value: 'required' },
  'gpus-per-socket': { value: 'required' },
  'gpus-per-task': { value: 'required' },
  gres: { value: 'required' },
  'gres-flags': { value: 'required' },
  help: { value: 'none', short: 'h' },
  hint: { value: 'required' },
  hold: { value: 'none', short: 'H' },
  'ignore-pbs': { value: 'none' },
  input: { value: 'required', short: 'i' },
  'job-name': { value: 'required', short: 'J' },
  'kill-on-invalid-dep': { value: 'required' },
  licenses: { value: 'required', short: 'L' },
  'mail-type': { value: 'required' },
  'mail-user': { value: 'required' },
  'mcs-label': { value: 'required' },
  mem: { value: 'required' },
  'mem-bind': { value: 'required' },
  'mem-per-cpu': { value: 'required' },
  'mem-per-gpu': { value: 'required' },
  mincpus: { value: 'required' },
  network: { value: 'required' },
  nice: { value: 'optional' },
  'no-kill': { value: 'optional', short: 'k' },
  'no-requeue': { value: 'none' },
  nodefile: { value: 'required', short: 'F' },
  nodelist: { value: 'required', short: 'w' },
  nodes: { value: 'required', short: 'N' },
  ntasks: { value: 'required', short: 'n' },
  'ntasks-per-core': { value: 'required' },
  'ntasks-per-gpu': { value: 'required' },
  'ntasks-per-node': { value: 'required' },
  'ntasks-per-socket': { value: 'required' },
  'ntasks-per-tres': { value: 'required' },
  'open-mode': { value: 'required' },
  output: { value: 'required', short: 'o' },
  overcommit: { value: 'none', short: 'O' },
  oversubscribe: { value: 'none', short: 's' },
  parsable: { value: 'none' },
  partition: { value: 'required', short: 'p' },
  power: { value: 'required' },
  prefer: { value: 'required' },
  priority: { value: 'required' },
  profile: { value: 'required' },
  propagate: { value: 'optional' },
  qos: { value: 'required', short: 'q' },
  quiet: { value: 'none', short: 'Q' },
  reboot: { value: 'none' },
  requeue: { value: 'none' },
  reservation: { value: 'required' },
  signal: { value: 'required' },
  'sockets-per-node': { value: 'required' },
  'spread-job': { value: 'none' },
  switches: { value: 'required' },
  'test-only': { value: 'none' },
  'thread-spec': { value: 'required' },
  'threads-per-core': { value: 'required' },
  time: { value: 'required', short: 't' },
  'time-min': { value: 'required' },
  tmp: { value: 'required' },
  uid: { value: 'required' },
  usage: { value: 'none' },
  'use-min-nodes': { value: 'none' },
  verbose: { value: 'none', short: 'v' },
  version: { value: 'none', short: 'V' },
  wait: { value: 'none', short: 'W' },
  'wait-all-nodes': { value: 'required' },
  wckey: { value: 'required' },
  wrap: { value: 'required' },
} as const satisfies Record<string, OptionRule>;

/** What sbatch has learned from 23.02 on. */
const NEWER_OPTIONS = {
  'consolidate-segments': { value: 'none' },
  'container-id': { value: 'required' },
  extra: { value: 'required' },
  'oom-kill-step': { value: 'optional' },
  resources: { value: 'required' },
  'resv-ports': { value: 'optional' },
  segment: { value: 'required' },
  'spread-segments': { value: 'none' },
  stepmgr: { value: 'none' },
  'tres-bind': { value: 'required' },
  'tres-per-task': { value: 'required' },
} as const satisfies Record<string, OptionRule>;

/** Every option of sbatch by its long name. */
export const SBATCH_OPTIONS = { ...OPTIONS_22_05, ...NEWER_OPTIONS } as const;

export type SbatchOptionName = keyof typeof SBATCH_OPTIONS;

/** Spellings that sbatch takes for another option, of the same meaning. */
export const ALIASES = new Map<string, SbatchOptionName>([
  ['cluster', 'clusters'],
  ['tasks-per-node', 'ntasks-per-node'],
]);

export const NAMES = Object.keys(SBATCH_OPTIONS) as SbatchOptionName[];
export const NAMES_22_05 = [...(Object.keys(OPTIONS_22_05) as SbatchOptionName[]), ...ALIASES.keys()];

export const BY_LETTER = new Map<string, SbatchOptionName>(
  NAMES.flatMap((name) => {
    const { short } = SBATCH_OPTIONS[name] as OptionRule;
    return short === undefined ? [] : [[short, name]];
  }),
);
