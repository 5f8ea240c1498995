/** What the cluster file describes, read by cluster-file.ts; the default is config/pocket/cluster.yaml. */
export interface Cluster {
  name: string;
  nodes: readonly ClusterNode[];
  partitions: readonly Partition[];
  settings: ClusterSettings;
}

export interface ClusterNode {
  name: string;
  cpus: number;
  /** Bytes. */
  memory: number;
}

export interface Partition {
  name: string;
  /** Names of its nodes, in the order of the file. */
  nodes: readonly string[];
  isDefault: boolean;
  /** Seconds; Infinity for none. */
  maxTime: number;
  /** Of a job that asks for none; seconds. */
  defaultTime: number;
  /** A job of a higher tier takes the nodes of a lower one's jobs, which are preempted as `preempt` says. */
  priorityTier: number;
  preempt: 'off' | 'cancel' | 'requeue';
}

/** The settings of slurm.conf that matter here, under Slurm's names in `scontrol show config`. Times in seconds. */
export interface ClusterSettings {
  maxArraySize: number;
  maxJobCount: number;
  minJobAge: number;
  killWait: number;
  /** Bytes per CPU of a job that asks for no memory. */
  defMemPerCpu: number;
  /** Whether a limit that no partition admits refuses the job, or lets it wait (PartitionTimeLimit). */
  enforcePartLimits: boolean;
  /** Whether jobs that do not say are requeued when their node is lost. */
  jobRequeue: boolean;
  /** How long a requeued job waits. */
  requeueDelay: number;
}
