import type { Program } from '../tree/command.js';
import { GLOBALS } from './globals.js';
import type { Session } from './session.js';

/** The command tree of `torc`; modules are loaded when they are used. */
export const TORC: Program<Session> = {
  name: 'torc',
  summary: 'Workflows of jobs on this machine and on clusters',
  globals: GLOBALS,
  commands: [
    {
      ...{ kind: 'lazy', name: 'run', aliases: [], summary: 'Run a workflow on this machine' },
      load: async () => (await import('./run.js')).run,
    },
    {
      ...{ kind: 'lazy', name: 'submit', aliases: [], summary: 'Hand a workflow to a scheduler' },
      load: async () => (await import('./submit.js')).submit,
    },
    {
      ...{
        kind: 'group',
        name: 'workflows',
        aliases: [],
        summary: 'Create, start, follow and end workflows',
      },
      load: async () => (await import('./workflows/index.js')).WORKFLOW_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'files', aliases: [], summary: 'Files that jobs read and write' },
      load: async () => (await import('./files/index.js')).FILE_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'jobs', aliases: [], summary: 'Jobs of a workflow' },
      load: async () => (await import('./jobs/index.js')).JOB_COMMANDS,
    },
    {
      ...{
        kind: 'group',
        name: 'user-data',
        aliases: [],
        summary: 'Data that jobs hand to each other through the server',
      },
      load: async () => (await import('./user-data/index.js')).USER_DATA_COMMANDS,
    },
    {
      ...{
        kind: 'group',
        name: 'resource-requirements',
        aliases: [],
        summary: 'What jobs need: CPUs, memory, GPUs, nodes, time',
      },
      load: async () => (await import('./resource-requirements/index.js')).RESOURCE_REQUIREMENTS_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'failure-handlers', aliases: [], summary: 'What happens to jobs that fail' },
      load: async () => (await import('./failure-handlers/index.js')).FAILURE_HANDLER_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'results', aliases: [], summary: 'How jobs ended' },
      load: async () => (await import('./results/index.js')).RESULT_COMMANDS,
    },
    {
      ...{
        kind: 'group',
        name: 'events',
        aliases: [],
        summary: 'What has happened in a workflow, and what happens now',
      },
      load: async () => (await import('./events/index.js')).EVENT_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'compute-nodes', aliases: [], summary: 'Runners' },
      load: async () => (await import('./compute-nodes/index.js')).COMPUTE_NODE_COMMANDS,
    },
    {
      ...{
        kind: 'group',
        name: 'scheduled-compute-nodes',
        aliases: [],
        summary: 'Slurm allocations for runners',
      },
      load: async () => (await import('./scheduled-compute-nodes/index.js')).SCHEDULED_COMPUTE_NODE_COMMANDS,
    },
    {
      ...{
        kind: 'group',
        name: 'reports',
        aliases: [],
        summary: 'What jobs used, how they ended, and where logs lie',
      },
      load: async () => (await import('./reports/index.js')).REPORT_COMMANDS,
    },
    {
      ...{ kind: 'lazy', name: 'plot-resources', aliases: [] },
      summary: 'Draw what jobs used over time',
      load: async () => (await import('./plot-resources.js')).plotResourcesCommand,
    },
    {
      ...{ kind: 'group', name: 'job-dependencies', aliases: [], summary: 'What waits for what, and why' },
      load: async () => (await import('./job-dependencies/index.js')).JOB_DEPENDENCY_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'access-groups', aliases: [], summary: 'Who may use which workflow' },
      load: async () => (await import('./access-groups/index.js')).ACCESS_GROUP_COMMANDS,
    },
    {
      ...{ kind: 'group', name: 'config', aliases: [], summary: 'Configuration files and what they say' },
      load: async () => (await import('./config/index.js')).CONFIG_COMMANDS,
    },
    {
      ...{ kind: 'lazy', name: 'ping', aliases: [], summary: 'Ask whether the server answers' },
      load: async () => (await import('./ping.js')).ping,
    },
    {
      ...{ kind: 'lazy', name: 'completions', aliases: [] },
      summary: 'Print a script that makes a shell complete torc',
      load: async () => (await import('./completions.js')).completions,
    },
  ],
  examples: [
    { text: 'Run a workflow on this machine', command: 'torc run workflow.yaml' },
    { text: 'See your workflows', command: 'torc workflows list' },
  ],
};
