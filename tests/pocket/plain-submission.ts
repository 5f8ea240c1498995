import type { Submission } from '../../lib/pocket/job.js';

/** A submission of a single job that asks for nothing in particular. */
export const PLAIN_SUBMISSION: Submission = {
  uid: 0,
  gid: 0,
  account: null,
  qos: null,
  args: [],
  command: null,
  workingFolder: '/tmp',
  submitHost: 'localhost',
  output: null,
  error: null,
  input: null,
  openMode: 'truncate',
  umask: 0o022,
  array: null,
  nodes: 1,
  tasks: 1,
  cpusPerTask: 1,
  nodelist: [],
  exclusive: false,
  requeue: true,
  killOnInvalidDependency: false,
  signal: null,
  deadline: null,
};
