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
      ...{ kind: 'group', name: 'files', aliases: [], summary: 'Files that jobs read and write' },
      load: async () => (await import('./files/index.js')).FILE_COMMANDS,
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
