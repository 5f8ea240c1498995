import type { Starter } from '../../store/workflows/attempts.js';
import { type Claim, claimByResources, claimNextJobs } from '../../store/workflows/claim.js';
import { hasUnfinishedJobs, isUninitialized } from '../../store/workflows/completeness.js';
import { dotGraph } from '../../store/workflows/dot-graph.js';
import { initializeJobs } from '../../store/workflows/initialize.js';
import { processChangedInputs } from '../../store/workflows/input-hashes.js';
import { jobIds } from '../../store/workflows/jobs.js';
import { missingUserData, requiredExistingFiles } from '../../store/workflows/needed-inputs.js';
import { readyRequirements } from '../../store/workflows/ready-requirements.js';
import {
  listDependencies,
  listFileRelationships,
  listUserDataRelationships,
} from '../../store/workflows/relationship-lists.js';
import { cancelWorkflow, resetJobs, resetWorkflowStatus } from '../../store/workflows/reset.js';
import { contains, equals } from '../../store/workflows/table.js';
import {
  createWorkflow,
  getWorkflow,
  listWorkflows,
  putWorkflowStatus,
  removeWorkflow,
  updateWorkflow,
  WORKFLOW,
  workflowStatus,
} from '../../store/workflows/workflows.js';
import { parseIsoDuration } from '../../wire/iso-duration.js';
import type { ComputeNodesResources, WORKFLOWS, WorkflowModel } from '../../wire/workflows.js';
import { ApiError } from '../api-error.js';
import { listedWorkflows } from '../auth/workflow-access.js';
import { readField } from '../client-mistake.js';
import type { Handlers, ServerContext } from '../handlers.js';
import { existingWorkflow, ordering } from './existing.js';
import { publish, publishCanceled, publishStart } from './job-events.js';
import { takeReports } from './job-reports.js';

/** Jobs that `claim_next_jobs` gives when it does not say how many it wants. */
const CLAIMED_JOBS = 10;

const CANCELED = 'Workflow is canceled';

export const workflowHandlers: Handlers<typeof WORKFLOWS> = {
  create({ body }, { db, now }) {
    checkJsonTexts(body);
    const { id, timestamp, status_id } = createWorkflow(db, body, now()) as Required<WorkflowModel>;
    return { ...body, id, timestamp, status_id };
  },
  list({ query, user }, context) {
    return listWorkflows(context.db, {
      ...ordering(WORKFLOW, query),
      conditions: [
        equals('name', query.name),
        equals('user', query.user),
        contains('description', query.description),
        equals('is_archived', query.is_archived),
        listedWorkflows(context, user),
      ],
    });
  },
  get: ({ params }, { db }) => getWorkflow(db, params.id),
  update({ params, body }, { db }) {
    checkJsonTexts(body);
    return updateWorkflow(db, params.id, body);
  },
  remove: ({ params }, { db }) => removeWorkflow(db, params.id),
  cancel({ params, user }, context) {
    const { status, canceled } = cancelWorkflow(context.db, params.id, { user, now: context.now() });
    publishCanceled(context, canceled);
    return status;
  },
  claimByResources({ params, query, body }, context) {
    const starter = starterOf(query);
    const claim = claimByResources(context.db, params.id, {
      limit: params.limit,
      resources: body,
      rounds: query.rounds ?? 1,
      timeLimit: timeLimitOf(body),
      sortMethod: query.sort_method ?? 'none',
      strictSchedulerMatch: query.strict_scheduler_match ?? false,
      starter,
    });
    return claimed(context, claim, starter);
  },
  claimNext({ params, query }, context) {
    const limit = query.limit ?? query.num_jobs ?? CLAIMED_JOBS;
    const starter = starterOf(query);
    return claimed(context, claimNextJobs(context.db, params.id, { limit, starter }), starter);
  },
  completeJobs({ params, body }, context) {
    existingWorkflow(context, params.id);
    return { results: takeReports(context, params.id, body.results) };
  },
  dotGraph({ params }, context) {
    existingWorkflow(context, params.id);
    return { graph: dotGraph(context.db, params.id, params.name) };
  },
  initializeJobs({ params, query, user }, context) {
    const clearEphemeralUserData = query.clear_ephemeral_user_data ?? false;
    const canceled = initializeJobs(context.db, params.id, { clearEphemeralUserData });
    const type = query.only_uninitialized === true ? 'reinitialized' : 'started';
    const message = `Workflow ${params.id} was ${type} by ${user}`;
    publish(context, params.id, `workflow_${type}`, 'info', { category: 'workflow', type, user, message });
    publishCanceled(context, canceled);
    return { message: 'Initialized job status' };
  },
  isComplete({ params }, { db }) {
    const status = workflowStatus(db, params.id);
    return {
      is_canceled: status.is_canceled,
      is_complete: status.is_canceled || !hasUnfinishedJobs(db, params.id),
      needs_to_run_completion_script: status.has_detected_need_to_run_completion_script ?? false,
    };
  },
  isUninitialized({ params }, context) {
    existingWorkflow(context, params.id);
    return { is_uninitialized: isUninitialized(context.db, params.id) };
  },
  jobDependencies({ params, query }, context) {
    existingWorkflow(context, params.id);
    return listDependencies(context.db, params.id, query);
  },
  jobFileRelationships({ params, query }, context) {
    existingWorkflow(context, params.id);
    return listFileRelationships(context.db, params.id, query);
  },
  jobUserDataRelationships({ params, query }, context) {
    existingWorkflow(context, params.id);
    return listUserDataRelationships(context.db, params.id, query);
  },
  jobIds({ params }, context) {
    existingWorkflow(context, params.id);
    const ids = jobIds(context.db, params.id);
    return { job_ids: ids, count: ids.length };
  },
  missingUserData({ params }, context) {
    existingWorkflow(context, params.id);
    return { user_data: missingUserData(context.db, params.id) };
  },
  requiredExistingFiles({ params }, context) {
    existingWorkflow(context, params.id);
    return { files: requiredExistingFiles(context.db, params.id) };
  },
  processChangedJobInputs({ params, query }, { db }) {
    return { reinitialized_jobs: processChangedInputs(db, params.id, query.dry_run ?? false) };
  },
  readyJobRequirements({ params, query }, context) {
    existingWorkflow(context, params.id);
    return readyRequirements(context.db, params.id, query.scheduler_config_id);
  },
  resetJobStatus({ params, query, user }, { db, now }) {
    const failedOnly = query.failed_only ?? false;
    const count = resetJobs(db, params.id, failedOnly, { user, now: now() });
    const answer = { workflow_id: params.id, updated_count: count, status: 'uninitialized' };
    return failedOnly ? { ...answer, reset_type: 'failed_only' } : answer;
  },
  resetStatus: ({ params, query, user }, { db, now }) =>
    resetWorkflowStatus(db, params.id, query.force ?? false, { user, now: now() }),
  getStatus: ({ params }, { db }) => workflowStatus(db, params.id),
  putStatus: ({ params, body }, { db }) => putWorkflowStatus(db, params.id, body),
};

type StarterQuery = { compute_node_id?: number; run_id?: number };

/** @throws ApiError 422 when half of it is missing */
function starterOf({ compute_node_id: node, run_id: run }: StarterQuery): Starter | null {
  if (node !== undefined && run !== undefined) return { node, run };
  if (node === undefined && run === undefined) return null;
  const field = node === undefined ? 'compute_node_id' : 'run_id';
  throw new ApiError(422, `${field}: missing; jobs are started by compute_node_id and run_id`, { field });
}

function claimed(context: ServerContext, { jobs, isCanceled }: Claim, starter: Starter | null) {
  if (starter !== null) for (const job of jobs) publishStart(context, job, starter);
  return isCanceled ? { jobs, reason: CANCELED } : { jobs };
}

/** Settings that are JSON within JSON, as clients have always sent them. @throws ApiError 422 for what is none */
function checkJsonTexts(model: WorkflowModel): void {
  for (const field of ['resource_monitor_config', 'slurm_defaults'] as const) {
    const text = model[field];
    if (text === undefined) continue;
    try {
      JSON.parse(text);
    } catch (cause) {
      const message = `${field} is no JSON: ${(cause as Error).message}`;
      throw new ApiError(422, message, { field, value: text }, { cause });
    }
  }
}

/** Seconds. @throws ApiError 422 for no duration */
function timeLimitOf({ time_limit: text }: ComputeNodesResources): number {
  return text === undefined ? Number.POSITIVE_INFINITY : readField('time_limit', text, parseIsoDuration);
}
