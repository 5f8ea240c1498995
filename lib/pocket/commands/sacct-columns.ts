import type { ExitCode } from '../../slurm/exit-code.js';
import { formatHostList } from '../../slurm/host-list.js';
import { cutList, megabytes } from './job-record.js';
import type { AccountingRecord } from './sacct-record.js';
import { formatElapsed, formatTime } from './times.js';

/** A column of sacct: its width in a table (to the left when negative), and its value. */
export interface AccountingColumn {
  heading: string;
  width: number;
  value: (record: AccountingRecord, env: NodeJS.ProcessEnv) => string;
}

const column = (heading: string, width: number, value: AccountingColumn['value']): AccountingColumn => ({
  heading,
  width,
  value,
});

/** sacct drops the highest bit of an exit code: 137 is printed as 9 (measured). */
export function printedExit({ code, signal }: ExitCode): string {
  return `${code % 128}:${signal}`;
}

function elapsed({ startedAt, endedAt, now }: AccountingRecord): number {
  return startedAt === null ? 0 : Math.max(0, Math.floor(endedAt ?? now) - Math.floor(startedAt));
}

function rss({ maxRss, step }: AccountingRecord): string {
  return step === null || maxRss === null ? '' : maxRss === 0 ? '0' : `${Math.round(maxRss / 1024)}K`;
}

function limit(seconds: number): string {
  return seconds === Number.POSITIVE_INFINITY ? 'UNLIMITED' : formatElapsed(seconds);
}

const ofJob =
  (value: AccountingColumn['value']): AccountingColumn['value'] =>
  (record, env) =>
    record.step === null ? value(record, env) : '';

/** Every column that pocket Slurm knows, as sacct spells and orders them in --helpformat. */
const COLUMNS: readonly AccountingColumn[] = [
  column('Account', 10, ({ submission, user }) => submission.account ?? user),
  column('AllocCPUS', 10, ({ cpus, startedAt }) => String(startedAt === null ? 0 : cpus)),
  column('AllocNodes', 10, ({ nodes }) => String(nodes.length)),
  column('AllocTRES', 10, ({ cpus, nodes, startedAt }) =>
    startedAt === null ? '' : `billing=${cpus},cpu=${cpus},node=${nodes.length}`,
  ),
  column('AveRSS', 10, rss),
  column('Cluster', 10, () => 'pocket'),
  column('Comment', 14, ({ comment }) => comment),
  column('CPUTime', 10, (record) => formatElapsed(elapsed(record) * record.cpus)),
  column('CPUTimeRAW', 10, (record) => String(elapsed(record) * record.cpus)),
  column(
    'DerivedExitCode',
    15,
    ofJob(({ derivedExit }) => printedExit(derivedExit)),
  ),
  column('Elapsed', 10, (record) => formatElapsed(elapsed(record))),
  column('ElapsedRaw', 10, (record) => String(elapsed(record))),
  column('Eligible', 19, ({ eligibleAt }, env) => formatTime(eligibleAt, env, 'Unknown')),
  column('End', 19, ({ endedAt }, env) => formatTime(endedAt, env, 'Unknown')),
  column('ExitCode', 8, ({ exit }) => printedExit(exit)),
  column(
    'GID',
    6,
    ofJob(({ submission }) => String(submission.gid)),
  ),
  column(
    'Group',
    9,
    ofJob(({ user }) => user),
  ),
  column('JobID', -12, ({ id }, env) =>
    id.replace(/\[(.*)\]/, (_, spec: string) => `[${cutList(spec, env)}]`),
  ),
  column('JobIDRaw', -12, ({ rawId }) => rawId),
  column('JobName', 10, ({ name }) => name),
  column('MaxRSS', 10, rss),
  column('NCPUS', 10, ({ cpus }) => String(cpus)),
  column('NNodes', 8, ({ nodes, submission }) => String(nodes.length || submission.nodes)),
  column('NodeList', 15, ({ nodes }) => (nodes.length === 0 ? 'None assigned' : formatHostList(nodes))),
  column('NTasks', 8, ({ step, tasks }) => (step === null ? '' : String(tasks))),
  column(
    'Partition',
    10,
    ofJob(({ partition }) => partition),
  ),
  column(
    'QOS',
    10,
    ofJob(({ submission }) => submission.qos ?? 'normal'),
  ),
  column(
    'Reason',
    22,
    ofJob(({ reason }) => reason),
  ),
  column('ReqCPUS', 8, ({ cpus }) => String(cpus)),
  column(
    'ReqMem',
    10,
    ofJob(({ memoryPerNode, memoryPerCpu, cpus }) => megabytes(memoryPerNode ?? memoryPerCpu * cpus)),
  ),
  column('ReqNodes', 8, ({ submission }) => String(submission.nodes)),
  column('Start', 19, ({ startedAt, state }, env) =>
    formatTime(startedAt, env, state.startsWith('CANCELLED') ? 'None' : 'Unknown'),
  ),
  column('State', 10, ({ state }) => state),
  column(
    'SubmitLine',
    20,
    ofJob(({ submission }) => submission.submitLine ?? ''),
  ),
  column('Submit', 19, ({ submittedAt }, env) => formatTime(submittedAt, env, 'Unknown')),
  column(
    'Timelimit',
    10,
    ofJob(({ timeLimit }) => limit(timeLimit)),
  ),
  column(
    'TimelimitRaw',
    10,
    ofJob(({ timeLimit }) => String(timeLimit / 60)),
  ),
  column('TotalCPU', 10, () => '00:00:00'),
  column(
    'UID',
    6,
    ofJob(({ submission }) => String(submission.uid)),
  ),
  column(
    'User',
    9,
    ofJob(({ user }) => user),
  ),
  column(
    'WorkDir',
    15,
    ofJob(({ submission }) => submission.workingFolder),
  ),
];

/** By name, in small letters: sacct takes them in any. */
export const ACCOUNTING_COLUMNS: ReadonlyMap<string, AccountingColumn> = new Map(
  COLUMNS.map((one) => [one.heading.toLowerCase(), one]),
);
