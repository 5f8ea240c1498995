import { formatHostList } from '../../slurm/host-list.js';
import { arrayIndices, endTime, type JobRecord, outputFile } from './job-record.js';
import { jsonAnswer } from './json-answer.js';
import { priority } from './squeue-columns.js';

/** What `squeue --json` prints: the fields of openapi/v0.0.38 that mean something here. */
export function queueJson(records: readonly JobRecord[]): string {
  return jsonAnswer('openapi/v0.0.38', 'Slurm OpenAPI v0.0.38', { jobs: records.map(jobJson) });
}

const seconds = (at: number | null) => (at === null ? 0 : Math.floor(at));

function jobJson(record: JobRecord) {
  const { part, submission, timeLimit } = record;
  return {
    account: submission.account ?? record.user,
    array_job_id: part.kind === 'single' ? 0 : record.job,
    array_task_id: part.kind === 'task' ? part.index : null,
    array_max_tasks: record.throttle ?? 0,
    array_task_string: part.kind === 'rest' ? arrayIndices(record) : '',
    batch_flag: true,
    batch_host: record.nodes[0] ?? '',
    cluster: 'pocket',
    command: submission.command ?? '',
    comment: record.comment,
    cpus: record.cpus,
    cpus_per_task: submission.cpusPerTask,
    current_working_directory: submission.workingFolder,
    dependency: record.dependency,
    end_time: seconds(endTime(record)),
    eligible_time: seconds(record.eligibleAt),
    excluded_nodes: record.excludedNodes,
    exit_code: record.exit.code * 256 + record.exit.signal,
    group_id: submission.gid,
    hold: record.held,
    job_id: record.rawId,
    job_state: record.state,
    memory_per_cpu: record.memoryPerNode === null ? record.memoryPerCpu / 2 ** 20 : null,
    memory_per_node: record.memoryPerNode === null ? null : record.memoryPerNode / 2 ** 20,
    name: record.name,
    node_count: record.nodes.length > 0 ? record.nodes.length : submission.nodes,
    nodes: formatHostList(record.nodes),
    partition: record.partitions.join(','),
    priority: priority(record),
    qos: submission.qos ?? 'normal',
    requeue: submission.requeue,
    restart_cnt: record.restarts,
    standard_error: outputFile(record, submission.error ?? submission.output),
    standard_output: outputFile(record, submission.output),
    start_time: seconds(record.startedAt ?? record.beginAt),
    state_reason: record.reason,
    submit_time: seconds(record.submittedAt),
    tasks: submission.tasks,
    time_limit: timeLimit === Number.POSITIVE_INFINITY ? null : timeLimit / 60,
    user_id: submission.uid,
    user_name: record.user,
  };
}
