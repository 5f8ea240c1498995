import { PACKAGE_ROOT } from '../../lib/package-root.js';

export type ClusterDaemon = 'slurmdbd' | 'slurmctld';

/** How a cluster is booted, described and ended. Nothing below knows which of them it is on. */
export interface ClusterPrograms {
  up: readonly string[] | null;
  /** Prints the `export` lines that lead to it. */
  env: readonly string[];
  down: readonly string[];
  /** What makes a node disappear under its jobs, and what brings it back. */
  loseNode: (node: string) => readonly (readonly string[])[];
  restoreNode: (node: string) => readonly (readonly string[])[];
  /** Takes the controller or the accounting away, and brings it back. */
  stopDaemon: (name: ClusterDaemon) => readonly string[];
  startDaemon: (name: ClusterDaemon) => readonly string[];
  /** Test files at the same time. */
  jobs: number;
}

const DOCKER = `${PACKAGE_ROOT}docker/cluster`;
const POCKET = [process.execPath, `${PACKAGE_ROOT}dist/bin/pocket-slurm.js`] as const;

/** What takes the place of a daemon that is stopped. */
const FAULTS: Readonly<Record<ClusterDaemon, string>> = {
  slurmdbd: 'accounting_down',
  slurmctld: 'controller_down',
};

export const CLUSTERS = {
  slurm: {
    up: [DOCKER, 'up', '--profile', 'fast'],
    env: [DOCKER, 'env'],
    down: [DOCKER, 'wipe'],
    // DOWN ends its jobs and has slurmd end their processes; DRAIN, because a node whose slurmd answers would come
    // back (ReturnToService). A slurmd that is killed leaves processes behind that drain the node later (Duplicate jobid).
    loseNode: (node) => [
      ['scontrol', 'update', `NodeName=${node}`, 'State=DOWN', 'Reason=lost'],
      ['scontrol', 'update', `NodeName=${node}`, 'State=DRAIN', 'Reason=lost'],
    ],
    restoreNode: (node) => [['scontrol', 'update', `NodeName=${node}`, 'State=RESUME']],
    stopDaemon: (name) => [DOCKER, 'stop-daemon', name],
    startDaemon: (name) => [DOCKER, 'start-daemon', name],
    jobs: 20,
  },
  pocket: {
    up: null,
    env: [...POCKET, 'env'],
    down: [...POCKET, 'stop'],
    loseNode: (node) => [[...POCKET, 'lose-node', node]],
    restoreNode: (node) => [[...POCKET, 'restore-node', node]],
    stopDaemon: (name) => [...POCKET, 'fault', `${FAULTS[name]}=1`],
    startDaemon: (name) => [...POCKET, 'fault', `${FAULTS[name]}=0`],
    jobs: 6,
  },
} as const satisfies Record<string, ClusterPrograms>;

export type ClusterName = keyof typeof CLUSTERS;
