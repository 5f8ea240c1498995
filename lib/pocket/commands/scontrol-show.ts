import { formatHostList } from '../../slurm/host-list.js';
import type { Partition } from '../cluster.js';
import { Refusal } from '../refusal.js';
import type { TaskTarget } from '../state/queries.js';
import type { PocketState } from '../state/state.js';
import type { CommandContext } from './command.js';
import {
  arrayIndices,
  commandText,
  endTime,
  type JobRecord,
  megabytes,
  memoryText,
  outputFile,
  timeUsed,
} from './job-record.js';
import { parseJobTargets } from './job-target.js';
import { type NodeRecord, nodeRecords } from './node-record.js';
import { controllerRecords } from './records.js';
import { priority } from './squeue-columns.js';
import { formatElapsed, formatTime } from './times.js';

/** What scontrol says on standard output of something that the controller does not have. */
export class NotFound extends Error {
  override name = 'NotFound';
}

/** Lines of `NAME=VALUE` words: on one line with -o, as in `scontrol -o show job`. */
type Paragraph = readonly string[];

/** What `scontrol show ENTITY [ID]` prints. */
export function show(
  entity: string,
  id: string | undefined,
  oneLine: boolean,
  context: CommandContext,
): string {
  const { state, env } = context;
  const now = state.clock.now();
  switch (entity) {
    case 'job':
    case 'jobid':
    case 'jobs':
      return print(
        jobsNamed(state, id, now).map((record) => jobParagraph(record, now, env)),
        oneLine,
      );
    case 'node':
    case 'nodes':
      return print(
        nodesNamed(state, id).map((node) => nodeParagraph(node, state)),
        oneLine,
      );
    case 'partition':
    case 'partitions':
      return print(
        partitionsNamed(state, id).map((one) => partitionParagraph(one, state)),
        oneLine,
      );
    default:
      throw new Refusal(`invalid entity:${entity} for keyword:show `);
  }
}

function print(paragraphs: readonly Paragraph[], oneLine: boolean): string {
  return paragraphs
    .map((lines) => (oneLine ? `${lines.join(' ')} \n` : `${lines.join('\n   ')}\n\n`))
    .join('');
}

/** @throws Refusal for an id that the controller does not know, NotFound for a task that its job does not have */
function jobsNamed(state: PocketState, id: string | undefined, now: number): JobRecord[] {
  const targets = id === undefined ? null : parseJobTargets(id);
  const found = controllerRecords(state, now, { split: 'none', ...(targets === null ? {} : { targets }) });
  if (targets === null) return found;
  if (found.length === 0) throw notFound(state, id ?? '', targets, now);
  // The pending rest comes first, then tasks as they were started, the latest first: as the controller lists them.
  return found.toSorted(
    (a, b) => Number(b.part.kind === 'rest') - Number(a.part.kind === 'rest') || b.rawId - a.rawId,
  );
}

function notFound(state: PocketState, id: string, targets: readonly TaskTarget[], now: number): Error {
  const jobs = targets.filter(({ index }) => index !== null).map(({ job }) => job);
  const known = jobs.length > 0 && controllerRecords(state, now, { split: 'none', jobs }).length > 0;
  return known ? new NotFound(`Job ${id} not found`) : new Refusal('Invalid job id specified');
}

function jobParagraph(record: JobRecord, now: number, env: NodeJS.ProcessEnv): Paragraph {
  const { submission, part, exit } = record;
  const time = (at: number | null) => formatTime(at, env, 'Unknown');
  const array =
    part.kind === 'single'
      ? ''
      : `ArrayJobId=${record.job} ArrayTaskId=${arrayIndices(record)?.replace(/%\d+$/, '') ?? ''}${part.kind === 'rest' && record.throttle !== null ? `%${record.throttle}` : ''} ${record.throttle === null ? '' : `ArrayTaskThrottle=${record.throttle} `}`;
  const [output, error] = [outputFile(record, submission.output), submission.error];
  const nodeCount = record.nodes.length > 0 ? record.nodes.length : submission.nodes;
  return [
    `JobId=${record.rawId} ${array}JobName=${record.name}`,
    `UserId=${record.user}(${submission.uid}) GroupId=${record.user}(${submission.gid}) MCS_label=N/A`,
    `Priority=${priority(record)} Nice=${submission.nice ?? 0} Account=${submission.account ?? record.user} QOS=${submission.qos ?? 'normal'}`,
    `JobState=${record.state} Reason=${record.reason} Dependency=${record.dependency || '(null)'}`,
    `Requeue=${submission.requeue ? 1 : 0} Restarts=${record.restarts} BatchFlag=1 Reboot=0 ExitCode=${exit.code}:${exit.signal}`,
    `RunTime=${formatElapsed(timeUsed(record, now))} TimeLimit=${limit(record.timeLimit)} TimeMin=N/A`,
    `SubmitTime=${time(record.submittedAt)} EligibleTime=${time(record.eligibleAt)}`,
    `AccrueTime=${time(record.eligibleAt)}`,
    `StartTime=${time(record.startedAt ?? record.beginAt)} EndTime=${time(endTime(record))} Deadline=${formatTime(submission.deadline, env, 'N/A')}`,
    `SuspendTime=None SecsPreSuspend=0 LastSchedEval=${time(record.submittedAt)} Scheduler=Main`,
    `Partition=${record.partitions.join(',')} AllocNode:Sid=${submission.submitHost}:1`,
    `ReqNodeList=${formatHostList(submission.nodelist) || '(null)'} ExcNodeList=${record.excludedNodes || '(null)'}`,
    `NodeList=${formatHostList(record.nodes)}`,
    ...(record.nodes[0] === undefined ? [] : [`BatchHost=${record.nodes[0]}`]),
    `NumNodes=${nodeCount} NumCPUs=${record.cpus} NumTasks=${submission.tasks} CPUs/Task=${submission.cpusPerTask} ReqB:S:C:T=0:0:*:*`,
    `TRES=cpu=${record.cpus},mem=${totalMemory(record, nodeCount)},node=${nodeCount},billing=${record.cpus}`,
    'Socks/Node=* NtasksPerN:B:S:C=0:0:*:* CoreSpec=*',
    `MinCPUsNode=${submission.cpusPerTask} MinMemory${record.memoryPerNode === null ? 'CPU' : 'Node'}=${memoryText(record)} MinTmpDiskNode=0`,
    'Features=(null) DelayBoot=00:00:00',
    `OverSubscribe=${submission.exclusive ? 'NO' : 'OK'} Contiguous=0 Licenses=(null) Network=(null)`,
    `Command=${commandText(record)}`,
    `WorkDir=${submission.workingFolder}`,
    ...(record.comment === '' ? [] : [`Comment=${record.comment} `]),
    `StdErr=${error === null ? output : outputFile(record, error)}`,
    `StdIn=${submission.input ?? '/dev/null'}`,
    `StdOut=${output}`,
    'Power=',
  ];
}

function limit(seconds: number): string {
  return seconds === Number.POSITIVE_INFINITY ? 'UNLIMITED' : formatElapsed(seconds);
}

function totalMemory({ memoryPerNode, memoryPerCpu, cpus }: JobRecord, nodes: number): string {
  return megabytes(memoryPerNode === null ? memoryPerCpu * cpus : memoryPerNode * nodes);
}

/** @throws NotFound */
function nodesNamed(state: PocketState, name: string | undefined): NodeRecord[] {
  const nodes = nodeRecords(state);
  if (name === undefined) return nodes;
  const found = nodes.filter((node) => node.name === name);
  if (found.length === 0) throw new NotFound(`Node ${name} not found`);
  return found;
}

function nodeParagraph(node: NodeRecord, { cluster }: PocketState): Paragraph {
  const { name, cpus, memory, usedCpus, usedMemory } = node;
  const partitions = cluster.partitions.filter(({ nodes }) => nodes.includes(name)).map((one) => one.name);
  const whole = (bytes: number) => Math.floor(bytes / 2 ** 20);
  return [
    `NodeName=${name} Arch=x86_64 CoresPerSocket=1 `,
    `CPUAlloc=${usedCpus} CPUEfctv=${cpus} CPUTot=${cpus} CPULoad=N/A`,
    'AvailableFeatures=(null)',
    'ActiveFeatures=(null)',
    'Gres=(null)',
    `NodeAddr=${name} NodeHostName=${name} Version=22.05.8`,
    `RealMemory=${whole(memory)} AllocMem=${whole(usedMemory)} FreeMem=N/A Sockets=${cpus} Boards=1`,
    `State=${stateFlags(node)} ThreadsPerCore=1 TmpDisk=0 Weight=1 Owner=N/A MCS_label=N/A`,
    `Partitions=${partitions.join(',')} `,
    `CfgTRES=cpu=${cpus},mem=${megabytes(memory)},billing=${cpus}`,
    `AllocTRES=${usedCpus === 0 ? '' : `cpu=${usedCpus},mem=${megabytes(usedMemory)}`}`,
    ...(node.reason === null ? [] : [`Reason=${node.reason}`]),
  ];
}

/** scontrol names the base state and the flag: `IDLE+DRAIN`. */
function stateFlags({ state, usedCpus, cpus }: NodeRecord): string {
  if (state === 'drained') return 'IDLE+DRAIN';
  if (state === 'draining') return `${usedCpus < cpus ? 'MIXED' : 'ALLOCATED'}+DRAIN`;
  return state.toUpperCase();
}

/** @throws NotFound */
function partitionsNamed({ cluster }: PocketState, name: string | undefined): readonly Partition[] {
  if (name === undefined) return cluster.partitions;
  const found = cluster.partitions.filter((one) => one.name === name);
  if (found.length === 0) throw new NotFound(`Partition ${name} not found`);
  return found;
}

function partitionParagraph(partition: Partition, { cluster }: PocketState): Paragraph {
  const members = cluster.nodes.filter(({ name }) => partition.nodes.includes(name));
  const cpus = members.reduce((sum, node) => sum + node.cpus, 0);
  const memory = members.reduce((sum, node) => sum + node.memory, 0);
  return [
    `PartitionName=${partition.name}`,
    'AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL',
    `AllocNodes=ALL Default=${partition.isDefault ? 'YES' : 'NO'} QoS=N/A`,
    `DefaultTime=${limit(partition.defaultTime)} DisableRootJobs=NO ExclusiveUser=NO GraceTime=0 Hidden=NO`,
    `MaxNodes=UNLIMITED MaxTime=${limit(partition.maxTime)} MinNodes=0 LLN=NO MaxCPUsPerNode=UNLIMITED`,
    `Nodes=${formatHostList(partition.nodes)}`,
    `PriorityJobFactor=1 PriorityTier=${partition.priorityTier} RootOnly=NO ReqResv=NO OverSubscribe=NO`,
    `OverTimeLimit=NONE PreemptMode=${partition.preempt.toUpperCase()}`,
    `State=UP TotalCPUs=${cpus} TotalNodes=${members.length} SelectTypeParameters=NONE`,
    'JobDefaults=(null)',
    'DefMemPerNode=UNLIMITED MaxMemPerNode=UNLIMITED',
    `TRES=cpu=${cpus},mem=${megabytes(memory)},node=${members.length},billing=${cpus}`,
  ];
}

/** `scontrol show config`: what pocket Slurm has of it, under Slurm's names. */
export function showConfig({ state, env }: CommandContext): string {
  const { cluster, clock } = state;
  const { settings } = cluster;
  const preempts = cluster.partitions.find(({ preempt }) => preempt !== 'off');
  const values: Readonly<Record<string, string>> = {
    AccountingStorageType: 'accounting_storage/pocket',
    AccountingStoreFlags: 'job_comment',
    ClusterName: cluster.name,
    DefMemPerCPU: String(Math.floor(settings.defMemPerCpu / 2 ** 20)),
    DependencyParameters: '(null)',
    EnforcePartLimits: settings.enforcePartLimits ? 'ALL' : 'NO',
    JobAcctGatherType: 'jobacct_gather/linux',
    JobAcctGatherParams: '(null)',
    JobRequeue: settings.jobRequeue ? '1' : '0',
    KillWait: `${settings.killWait} sec`,
    MaxArraySize: String(settings.maxArraySize),
    MaxJobCount: String(settings.maxJobCount),
    MinJobAge: `${settings.minJobAge} sec`,
    NEXT_JOB_ID: state.setting('next_job_id') ?? '1',
    PreemptMode: preempts === undefined ? 'OFF' : preempts.preempt.toUpperCase(),
    PreemptType: preempts === undefined ? 'preempt/none' : 'preempt/partition_prio',
    ProctrackType: 'proctrack/pocket',
    SchedulerType: 'sched/pocket',
    SelectType: 'select/cons_tres',
    SelectTypeParameters: 'CR_CPU_MEMORY',
    SLURM_VERSION: '22.05.8',
    TaskPlugin: 'task/cgroup',
  };
  const lines = Object.entries(values).map(([name, value]) => `${name.padEnd(23)} = ${value}`);
  return [
    `Configuration data as of ${formatTime(clock.now(), { ...env, SLURM_TIME_FORMAT: '' }, '')}`,
    ...lines,
    '',
    'Slurmctld(primary) at localhost is UP',
    '',
  ].join('\n');
}
