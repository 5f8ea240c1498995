/** What programs import: `import { makeApi, mapFunctionToJobs } from 'afterok'`. */

export { makeApi } from './api/make-api.js';
export { type MapOptions, mapFunctionToJobs } from './api/map-function.js';
export { all, listAll } from './client/all.js';
export type { Client } from './client/client.js';
export { ApiResponseError, ServerUnreachableError } from './client/client-errors.js';
export type { ConnectionOptions } from './client/connection.js';
export { type StreamMessage, streamEvents } from './client/event-stream.js';
export { type Patience, patient } from './client/patience.js';
export { AfterokError } from './errors.js';
export type { WorkflowActionModel } from './wire/actions.js';
export type { ComputeNodeModel, ScheduledComputeNodesModel } from './wire/compute-nodes.js';
export type { EventModel } from './wire/events.js';
export type { FailureHandlerModel } from './wire/failure-handlers.js';
export type { FileModel } from './wire/files.js';
export type { JobStatus } from './wire/job-status.js';
export type { JobModel } from './wire/jobs.js';
export type { Page } from './wire/page.js';
export type { ResourceRequirementsModel } from './wire/resource-requirements.js';
export type { ResultModel } from './wire/results.js';
export type { LocalSchedulerModel, SlurmSchedulerModel } from './wire/schedulers.js';
export type { UserDataModel } from './wire/user-data.js';
export type { WorkflowStatusModel } from './wire/workflow-status.js';
export type { WorkflowModel } from './wire/workflows.js';
