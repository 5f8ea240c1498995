import { formatHostList, parseHostList } from '../../slurm/host-list.js';
import type { Partition } from '../cluster.js';
import { unsupported } from '../refusal.js';
import type { CommandContext } from './command.js';
import { jsonAnswer } from './json-answer.js';
import { type NodeRecord, nodeRecords } from './node-record.js';
import { readOptions } from './options.js';
import { type Column, percentTable } from './percent-format.js';
import { formatShortElapsed, formatTime } from './times.js';

const OPTIONS = {
  all: { type: 'boolean', short: 'a' },
  exact: { type: 'boolean', short: 'e' },
  format: { type: 'string', short: 'o' },
  json: { type: 'boolean' },
  'list-reasons': { type: 'boolean', short: 'R' },
  long: { type: 'boolean', short: 'l' },
  Node: { type: 'boolean', short: 'N' },
  nodes: { type: 'string', short: 'n' },
  noheader: { type: 'boolean', short: 'h' },
  partition: { type: 'string', short: 'p' },
  responding: { type: 'boolean', short: 'r' },
  states: { type: 'string', short: 't' },
  summarize: { type: 'boolean', short: 's' },
  version: { type: 'boolean', short: 'V' },
} as const;

/** Nodes of one partition that print alike. */
interface Group {
  partition: Partition;
  nodes: NodeRecord[];
  now: number;
  env: NodeJS.ProcessEnv;
}

const column = (heading: string, value: (group: Group) => string): Column<Group> => ({ heading, value });

const first = ({ nodes }: Group) => nodes[0];

/** `5`, or `4+` where nodes of a group differ. */
function least({ nodes }: Group, amount: (node: NodeRecord) => number): string {
  const amounts = nodes.map(amount);
  const least = Math.min(...amounts);
  return amounts.some((one) => one !== least) ? `${least}+` : String(least);
}

function limit(seconds: number): string {
  return seconds === Number.POSITIVE_INFINITY ? 'infinite' : formatShortElapsed(seconds);
}

const count = ({ nodes }: Group, ...states: string[]) =>
  nodes.filter(({ state }) => states.includes(state)).length;

const allocated = (group: Group) => count(group, 'allocated', 'mixed', 'draining');

const COLUMNS: Readonly<Record<string, Column<Group>>> = {
  a: column('AVAIL', () => 'up'),
  A: column('NODES(A/I)', (group) => `${allocated(group)}/${count(group, 'idle')}`),
  b: column('ACTIVE_FEATURES', () => '(null)'),
  B: column('MAX_CPUS_PER_NODE', () => 'UNLIMITED'),
  c: column('CPUS', (group) => least(group, ({ cpus }) => cpus)),
  C: column('CPUS(A/I/O/T)', ({ nodes }) => {
    const sum = (of: NodeRecord[], value: (node: NodeRecord) => number) =>
      of.reduce((total, node) => total + value(node), 0);
    const usable = nodes.filter(({ state }) => !/^(down|drain)/.test(state));
    const used = sum(nodes, ({ usedCpus }) => usedCpus);
    const total = sum(nodes, ({ cpus }) => cpus);
    const idle = sum(usable, ({ cpus, usedCpus }) => cpus - usedCpus);
    return `${used}/${idle}/${total - used - idle}/${total}`;
  }),
  d: column('TMP_DISK', () => '0'),
  D: column('NODES', ({ nodes }) => String(nodes.length)),
  E: column('REASON', (group) => first(group)?.reason ?? 'none'),
  f: column('AVAIL_FEATURES', () => '(null)'),
  F: column('NODES(A/I/O/T)', (group) => {
    const [used, idle, total] = [allocated(group), count(group, 'idle'), group.nodes.length];
    return `${used}/${idle}/${total - used - idle}/${total}`;
  }),
  g: column('GROUPS', () => 'all'),
  G: column('GRES', () => '(null)'),
  h: column('OVERSUBSCRIBE', () => 'NO'),
  H: column('TIMESTAMP', (group) =>
    formatTime(
      first(group)?.reason === null ? null : (first(group)?.changedAt ?? null),
      group.env,
      'Unknown',
    ),
  ),
  l: column('TIMELIMIT', ({ partition }) => limit(partition.maxTime)),
  L: column('DEFAULTTIME', ({ partition }) => limit(partition.defaultTime)),
  m: column('MEMORY', (group) => least(group, ({ memory }) => Math.floor(memory / 2 ** 20))),
  N: column('NODELIST', ({ nodes }) => formatHostList(nodes.map(({ name }) => name))),
  O: column('CPU_LOAD', () => 'N/A'),
  p: column('PRIO_TIER', ({ partition }) => String(partition.priorityTier)),
  P: column('PARTITION', ({ partition }) => `${partition.name}${partition.isDefault ? '*' : ''}`),
  r: column('ROOT', () => 'no'),
  R: column('PARTITION', ({ partition }) => partition.name),
  s: column('JOB_SIZE', () => '1-infinite'),
  t: column('STATE', (group) => first(group)?.shortState ?? 'n/a'),
  T: column('STATE', (group) => first(group)?.state ?? 'n/a'),
  u: column('USER', () => 'Unknown'),
  w: column('WEIGHT', () => '1'),
  X: column('SOCKETS', (group) => least(group, ({ cpus }) => cpus)),
  Y: column('CORES', () => '1'),
  z: column('S:C:T', (group) => `${least(group, ({ cpus }) => cpus)}:1:1`),
  Z: column('THREADS', () => '1'),
};

/** sinfo's own formats (src/sinfo/opts.c). */
const FORMATS = {
  plain: '%9P %.5a %.10l %.6D %.6t %N',
  long: '%9P %.5a %.10l %.10s %.4r %.8h %.10g %.6D %.11T %N',
  summary: '%9P %.5a %.10l %.16F %N',
  node: '%#N %.6D %#P %6t',
  nodeLong: '%#N %.6D %#P %.11T %.4c %.8z %.6m %.8d %.6w %.8f %20E',
  reasons: '%20E %9u %19H %N',
} as const;

/** sinfo: partitions and nodes. */
export async function sinfo(argv: readonly string[], context: CommandContext): Promise<number> {
  const { values } = readOptions('sinfo', argv, OPTIONS);
  const { env, out, state } = context;
  if (values.version === true) {
    out('slurm 22.05.8\n');
    return 0;
  }
  const now = state.clock.now();
  const named = values.nodes === undefined ? null : new Set(parseHostList(values.nodes));
  const wantedStates = values.states?.toLowerCase().split(',');
  const nodes = nodeRecords(state)
    .filter(({ name }) => named === null || named.has(name))
    .filter(
      ({ state: long, shortState }) => wantedStates?.some((one) => [long, shortState].includes(one)) ?? true,
    )
    .filter(({ reason }) => values['list-reasons'] !== true || reason !== null);
  const partitions = state.cluster.partitions.filter(
    ({ name }) => values.partition?.split(',').includes(name) ?? true,
  );
  if (values.json === true) {
    out(jsonAnswer('openapi/v0.0.38', 'Slurm OpenAPI v0.0.38', { nodes: nodes.map(nodeJson(partitions)) }));
    return 0;
  }
  const format = values.format ?? env.SINFO_FORMAT ?? defaultFormat(values, nodes);
  const alike = values.Node === true ? (node: NodeRecord) => node.name : likeness(format);
  const groups = partitions.flatMap((partition): Group[] =>
    grouped(
      nodes.filter(({ name }) => partition.nodes.includes(name)),
      alike,
    ).map((members) => ({ partition, nodes: members, now, env })),
  );
  const heading = values.noheader !== true;
  if (values.long === true && heading) out(`${new Date(now * 1000).toString().slice(0, 24)}\n`);
  const missing = (letter: string) => {
    throw unsupported(`%${letter} in --format`);
  };
  for (const line of percentTable(format, COLUMNS, groups, { heading, missing })) out(`${line}\n`);
  return 0;
}

type Values = Partial<Record<keyof typeof OPTIONS, string | boolean | undefined>>;

/** `#` in sinfo's own formats stands for the width of the longest value. */
function defaultFormat(values: Values, nodes: readonly NodeRecord[]): string {
  if (values['list-reasons'] === true) return FORMATS.reasons;
  if (values.summarize === true) return FORMATS.summary;
  if (values.Node !== true) return values.long === true ? FORMATS.long : FORMATS.plain;
  const width = Math.max(9, ...nodes.map(({ name }) => name.length));
  const format = values.long === true ? FORMATS.nodeLong : FORMATS.node;
  return format.replace('%#N', `%${width}N`).replace('%#P', '%.9P');
}

/** Nodes are told apart by what the format shows of them. */
function likeness(format: string): (node: NodeRecord) => string {
  const traits: Readonly<Record<string, (node: NodeRecord) => unknown>> = {
    c: ({ cpus }) => cpus,
    E: ({ reason }) => reason,
    H: ({ changedAt, reason }) => reason && changedAt,
    m: ({ memory }) => memory,
    n: ({ name }) => name,
    t: ({ shortState }) => shortState,
    T: ({ state }) => state,
  };
  const letters = [...format.matchAll(/%\.?\d*([a-zA-Z])/g)].map((match) => match[1] ?? '');
  return (node) => JSON.stringify(letters.map((letter) => traits[letter]?.(node)));
}

function grouped(nodes: readonly NodeRecord[], alike: (node: NodeRecord) => string): NodeRecord[][] {
  const groups = new Map<string, NodeRecord[]>();
  for (const node of nodes) {
    const key = alike(node);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return [...groups.values()];
}

function nodeJson(partitions: readonly Partition[]) {
  return (node: NodeRecord) => ({
    name: node.name,
    hostname: node.name,
    state: node.state,
    cpus: node.cpus,
    alloc_cpus: node.usedCpus,
    idle_cpus: node.cpus - node.usedCpus,
    real_memory: node.memory / 2 ** 20,
    alloc_memory: node.usedMemory / 2 ** 20,
    partitions: partitions.filter(({ nodes }) => nodes.includes(node.name)).map(({ name }) => name),
    reason: node.reason ?? '',
  });
}
