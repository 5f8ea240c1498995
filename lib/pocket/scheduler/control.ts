/** What scancel, scontrol and pocket-slurm do to jobs and nodes. */
export { cancel, signal } from './cancel.js';
export { hold, release } from './hold.js';
export { loseNode, type NodeChange, restoreNode, updateNode } from './nodes.js';
export { requeue } from './requeue.js';
export { type JobChanges, updateJob } from './update-job.js';
