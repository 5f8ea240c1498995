-- The state of the embedded scheduler: one file on a local disk, readable by its owner alone (environments are in it).
-- Times are seconds since the epoch on the scheduler's own clock (see ../clock.ts), sizes bytes.

-- Facts of this cluster: the next job id, the clock's origin, the cluster file as JSON, fault switches (`fault.NAME`).
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE node (
  name       TEXT PRIMARY KEY,
  state      TEXT NOT NULL CHECK (state IN ('UP', 'DRAIN', 'DOWN')),
  reason     TEXT,
  changed_at REAL NOT NULL
) STRICT, WITHOUT ROWID;

-- One submission. What scontrol can change has a column; everything else is in `submission` and never changes.
CREATE TABLE job (
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL,
  user             TEXT NOT NULL,
  submission       TEXT NOT NULL CHECK (json_valid(submission)),
  script           BLOB NOT NULL,
  environment      BLOB NOT NULL,
  submitted_at     REAL NOT NULL,
  -- Comma separated, in order of preference.
  partitions       TEXT NOT NULL,
  comment          TEXT NOT NULL DEFAULT '',
  held             INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
  begin_at         REAL NOT NULL,
  -- As sbatch takes it; '' for none. What has been fulfilled stays in it until the job may run.
  dependency       TEXT NOT NULL DEFAULT '',
  dependency_state TEXT NOT NULL DEFAULT 'free' CHECK (dependency_state IN ('free', 'waiting', 'never')),
  -- Jobs that were forgotten before this moment count as fulfilled.
  dependency_set_at REAL NOT NULL,
  excluded_nodes   TEXT NOT NULL DEFAULT '',
  -- Null for no limit.
  time_limit       REAL,
  memory_per_node  INTEGER,
  memory_per_cpu   INTEGER,
  -- Most tasks of the array to run at once; null for no limit.
  throttle         INTEGER CHECK (throttle > 0),
  -- Why the pending rest of its array waits, as squeue says it; a task with a raw id has a reason of its own.
  reason           TEXT NOT NULL DEFAULT 'None'
) STRICT;

-- One unit of scheduling: the only task of a single job, or a task of an array.
CREATE TABLE task (
  id           INTEGER PRIMARY KEY,
  job          INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
  array_index  INTEGER,
  -- The id under which the controller runs it. Null while it is part of the pending rest of its array.
  raw_id       INTEGER UNIQUE,
  state        TEXT NOT NULL CHECK (state IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED', 'TIMEOUT',
                                              'OUT_OF_MEMORY', 'NODE_FAIL', 'PREEMPTED', 'BOOT_FAIL', 'DEADLINE')),
  -- Why it waits, or why it ended as it did, as scontrol says it. While raw_id is null the job's reason holds.
  reason       TEXT NOT NULL DEFAULT 'None',
  held         INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)),
  -- Not before this, after a requeue.
  begin_at     REAL NOT NULL DEFAULT 0,
  restarts     INTEGER NOT NULL DEFAULT 0,
  -- When it was requeued; null for a first run, which was submitted with its job.
  requeued_at  REAL,
  -- Of the run that goes on or was the last.
  partition    TEXT,
  nodes        TEXT,
  cpus         INTEGER,
  memory       INTEGER,
  time_limit   REAL,
  started_at   REAL,
  ended_at     REAL,
  exit_code    INTEGER NOT NULL DEFAULT 0,
  exit_signal  INTEGER NOT NULL DEFAULT 0,
  cancelled_by INTEGER,
  max_rss      INTEGER,
  -- The state that it will have once its processes are gone (squeue: COMPLETING), and whether it then runs again.
  ending       TEXT CHECK (ending IN ('CANCELLED', 'TIMEOUT', 'OUT_OF_MEMORY', 'NODE_FAIL', 'PREEMPTED', 'REQUEUED')),
  -- When KILL follows the TERM that was sent.
  kill_at      REAL,
  -- Whether --signal has been sent to this run.
  warned       INTEGER NOT NULL DEFAULT 0 CHECK (warned IN (0, 1)),
  -- 0: cancelled out of a pending rest that goes on. Slurm shows such a task nowhere; dependencies know of it.
  trace        INTEGER NOT NULL DEFAULT 1 CHECK (trace IN (0, 1)),
  UNIQUE (job, array_index),
  CHECK ((state IN ('PENDING', 'RUNNING')) = (ended_at IS NULL)),
  CHECK (state <> 'RUNNING' OR (started_at IS NOT NULL AND nodes IS NOT NULL AND raw_id IS NOT NULL)),
  CHECK (ending IS NULL OR state = 'RUNNING')
) STRICT;

-- The pending rest of an array has no raw ids, and so comes first, in order.
CREATE INDEX task_pending ON task (job, raw_id, array_index) WHERE state = 'PENDING';
CREATE INDEX task_running ON task (job) WHERE state = 'RUNNING';
CREATE INDEX job_by_name ON job (name, user);
CREATE INDEX task_ended ON task (ended_at) WHERE ended_at IS NOT NULL;

-- Steps of a run: `batch`, and `0`, `1` … of srun.
CREATE TABLE step (
  task        INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  restart     INTEGER NOT NULL,
  name        TEXT NOT NULL,
  command     TEXT NOT NULL,
  tasks       INTEGER NOT NULL DEFAULT 1,
  state       TEXT NOT NULL,
  started_at  REAL NOT NULL,
  ended_at    REAL,
  exit_code   INTEGER NOT NULL DEFAULT 0,
  exit_signal INTEGER NOT NULL DEFAULT 0,
  max_rss     INTEGER,
  PRIMARY KEY (task, restart, name)
) STRICT, WITHOUT ROWID;

-- Earlier runs of tasks that were requeued: what sacct -D shows besides.
CREATE TABLE former_run (
  task         INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  restart      INTEGER NOT NULL,
  state        TEXT NOT NULL,
  partition    TEXT,
  nodes        TEXT,
  cpus         INTEGER,
  requeued_at  REAL,
  started_at   REAL,
  ended_at     REAL NOT NULL,
  exit_code    INTEGER NOT NULL,
  exit_signal  INTEGER NOT NULL,
  PRIMARY KEY (task, restart)
) STRICT, WITHOUT ROWID;

-- Signals that the daemon is to send, oldest first; one is struck off when the pass after it begins.
CREATE TABLE signal_order (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  task    INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  restart INTEGER NOT NULL,
  signal  INTEGER NOT NULL,
  scope   TEXT NOT NULL CHECK (scope IN ('all', 'batch', 'steps'))
) STRICT;
