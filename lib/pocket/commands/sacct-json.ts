import { formatHostList } from '../../slurm/host-list.js';
import { jsonAnswer } from './json-answer.js';
import type { AccountingRecord } from './sacct-record.js';

/** What `sacct --json` prints: the fields of openapi/dbv0.0.38 that mean something here. */
export function accountingJson(records: readonly AccountingRecord[]): string {
  const jobs = records
    .filter(({ step }) => step === null)
    .map((record) => ({
      ...jobJson(record),
      steps: records
        .filter(({ step, rawId }) => step !== null && rawId.startsWith(`${record.rawId}.`))
        .map(stepJson),
    }));
  return jsonAnswer('openapi/dbv0.0.38', 'Slurm OpenAPI DB v0.0.38', { jobs });
}

const seconds = (at: number | null) => (at === null ? 0 : Math.floor(at));

function exitJson({ exit, endedAt }: AccountingRecord) {
  if (endedAt === null) return { status: 'PENDING', return_code: 0 };
  if (exit.signal !== 0)
    return { status: 'SIGNALED', return_code: exit.code, signal: { signal_id: exit.signal } };
  return { status: exit.code === 0 ? 'SUCCESS' : 'ERROR', return_code: exit.code };
}

function jobJson(record: AccountingRecord) {
  const { submission, id, now, startedAt, endedAt } = record;
  const [, job = '', task] = /^(\d+)(?:_(\d+))?/.exec(id) ?? [];
  return {
    account: submission.account ?? record.user,
    comment: { administrator: null, job: record.comment || null, system: null },
    allocation_nodes: record.nodes.length,
    array: { job_id: id.includes('_') ? Number(job) : 0, task_id: task === undefined ? null : Number(task) },
    cluster: 'pocket',
    time: {
      elapsed: startedAt === null ? 0 : Math.floor((endedAt ?? now) - startedAt),
      eligible: seconds(record.eligibleAt),
      end: seconds(endedAt),
      start: seconds(startedAt),
      submission: seconds(record.submittedAt),
      limit: record.timeLimit === Number.POSITIVE_INFINITY ? null : record.timeLimit / 60,
    },
    exit_code: exitJson(record),
    group: record.user,
    job_id: Number(record.rawId),
    name: record.name,
    nodes: record.nodes.length === 0 ? 'None assigned' : formatHostList(record.nodes),
    partition: record.partition,
    qos: submission.qos ?? 'normal',
    required: { CPUs: record.cpus, memory: (record.memoryPerNode ?? record.memoryPerCpu) / 2 ** 20 },
    state: { current: record.state.split(' ')[0], reason: record.reason },
    user: record.user,
    working_directory: submission.workingFolder,
  };
}

function stepJson(record: AccountingRecord) {
  return {
    step: { id: record.step, name: record.name },
    state: record.state,
    exit_code: exitJson(record),
    nodes: { count: record.nodes.length, range: formatHostList(record.nodes) },
    tasks: { count: record.tasks },
  };
}
