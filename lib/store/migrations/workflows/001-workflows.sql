-- The server's database: the truth of workflows. Names are those of the REST API (lib/wire), which tells what they mean;
-- here stands what only the database knows. Booleans are 0 and 1; NULL is what was never said.
-- Not STRICT: the sqlite3 of RHEL 8 and 9 (3.26, 3.34), with which people look in, could not open the file.

CREATE TABLE workflow (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  user TEXT NOT NULL,
  description TEXT,
  timestamp TEXT NOT NULL,
  compute_node_expiration_buffer_seconds INTEGER NOT NULL,
  compute_node_wait_for_new_jobs_seconds INTEGER NOT NULL,
  compute_node_ignore_workflow_completion INTEGER NOT NULL,
  compute_node_wait_for_healthy_database_minutes INTEGER NOT NULL,
  compute_node_min_time_for_new_jobs_seconds INTEGER NOT NULL,
  jobs_sort_method TEXT NOT NULL,
  resource_monitor_config TEXT,
  slurm_defaults TEXT,
  use_pending_failed INTEGER,
  -- The workflow's own status, a resource of its own on the wire, with the same id.
  run_id INTEGER NOT NULL DEFAULT 0 CHECK (run_id >= 0),
  is_canceled INTEGER NOT NULL DEFAULT 0,
  is_archived INTEGER NOT NULL DEFAULT 0,
  has_detected_need_to_run_completion_script INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE resource_requirements (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  num_cpus INTEGER NOT NULL CHECK (num_cpus >= 0),
  num_gpus INTEGER NOT NULL CHECK (num_gpus >= 0),
  num_nodes INTEGER NOT NULL CHECK (num_nodes >= 0),
  memory TEXT NOT NULL,
  runtime TEXT NOT NULL,
  -- The same two as numbers, to compare and sort by.
  memory_bytes INTEGER NOT NULL CHECK (memory_bytes >= 0),
  runtime_s REAL NOT NULL CHECK (runtime_s >= 0),
  UNIQUE (workflow_id, name)
);

CREATE TABLE failure_handler (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  rules TEXT NOT NULL,
  UNIQUE (workflow_id, name)
);

CREATE TABLE slurm_scheduler (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  account TEXT NOT NULL,
  gres TEXT,
  mem TEXT,
  nodes INTEGER NOT NULL,
  ntasks_per_node INTEGER,
  partition TEXT,
  qos TEXT,
  tmp TEXT,
  walltime TEXT NOT NULL,
  extra TEXT
);

CREATE INDEX slurm_scheduler_of_workflow ON slurm_scheduler (workflow_id);

CREATE TABLE local_scheduler (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT,
  memory TEXT NOT NULL,
  num_cpus INTEGER NOT NULL
);

CREATE INDEX local_scheduler_of_workflow ON local_scheduler (workflow_id);

CREATE TABLE compute_node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  hostname TEXT NOT NULL,
  pid INTEGER NOT NULL,
  start_time TEXT NOT NULL,
  duration_seconds REAL,
  is_active INTEGER,
  num_cpus INTEGER NOT NULL,
  memory_gb REAL NOT NULL,
  num_gpus INTEGER NOT NULL,
  num_nodes INTEGER NOT NULL,
  time_limit TEXT,
  scheduler_config_id INTEGER,
  compute_node_type TEXT NOT NULL,
  scheduler TEXT
);

CREATE INDEX compute_node_of_workflow ON compute_node (workflow_id);

CREATE TABLE scheduled_compute_node (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  scheduler_id INTEGER NOT NULL,
  scheduler_config_id INTEGER NOT NULL,
  scheduler_type TEXT NOT NULL,
  status TEXT NOT NULL
);

CREATE INDEX scheduled_compute_node_of_workflow ON scheduled_compute_node (workflow_id);

CREATE TABLE job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  command TEXT NOT NULL,
  invocation_script TEXT,
  status TEXT NOT NULL DEFAULT 'uninitialized' CHECK (
    status IN (
      'uninitialized', 'blocked', 'ready', 'pending', 'running', 'completed', 'failed', 'canceled', 'terminated',
      'disabled', 'pending_failed'
    )
  ),
  cancel_on_blocking_job_failure INTEGER NOT NULL DEFAULT 1,
  supports_termination INTEGER NOT NULL DEFAULT 0,
  resource_requirements_id INTEGER NOT NULL REFERENCES resource_requirements (id) ON DELETE CASCADE,
  scheduler_id INTEGER REFERENCES slurm_scheduler (id) ON DELETE SET NULL,
  failure_handler_id INTEGER REFERENCES failure_handler (id) ON DELETE SET NULL,
  attempt_id INTEGER NOT NULL DEFAULT 1 CHECK (attempt_id >= 1),
  -- The runner that has started it; of no other state than running.
  active_compute_node_id INTEGER REFERENCES compute_node (id) ON DELETE SET NULL,
  -- Of what the job is made of, when it was initialised.
  input_hash TEXT,
  -- Dependencies that are neither complete nor disabled, counted so that releasing a barrier looks at no other job.
  open_dependencies INTEGER NOT NULL DEFAULT 0 CHECK (open_dependencies >= 0),
  CHECK (active_compute_node_id IS NULL OR status = 'running')
);

CREATE INDEX job_of_workflow ON job (workflow_id);
CREATE INDEX job_by_status ON job (workflow_id, status);
-- Ready jobs alone: most changes of state are none of its business.
CREATE INDEX job_by_claim ON job (workflow_id, resource_requirements_id, scheduler_id, id) WHERE status = 'ready';
CREATE INDEX job_by_requirements ON job (resource_requirements_id);
CREATE INDEX job_by_node ON job (active_compute_node_id) WHERE active_compute_node_id IS NOT NULL;

CREATE TABLE job_depends_on (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  depends_on_job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, depends_on_job_id),
  CHECK (job_id <> depends_on_job_id)
) WITHOUT ROWID;

CREATE INDEX job_dependents ON job_depends_on (depends_on_job_id, job_id);

CREATE TABLE file (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  st_mtime REAL
);

CREATE INDEX file_of_workflow ON file (workflow_id);

CREATE TABLE job_input_file (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, file_id)
) WITHOUT ROWID;

CREATE INDEX job_input_file_by_file ON job_input_file (file_id, job_id);

CREATE TABLE job_output_file (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, file_id)
) WITHOUT ROWID;

CREATE INDEX job_output_file_by_file ON job_output_file (file_id, job_id);

CREATE TABLE user_data (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  is_ephemeral INTEGER NOT NULL DEFAULT 0,
  -- JSON text.
  data TEXT
);

CREATE INDEX user_data_of_workflow ON user_data (workflow_id);

CREATE TABLE job_input_user_data (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  user_data_id INTEGER NOT NULL REFERENCES user_data (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, user_data_id)
) WITHOUT ROWID;

CREATE INDEX job_input_user_data_by_data ON job_input_user_data (user_data_id, job_id);

CREATE TABLE job_output_user_data (
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  user_data_id INTEGER NOT NULL REFERENCES user_data (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL,
  PRIMARY KEY (job_id, user_data_id)
) WITHOUT ROWID;

CREATE INDEX job_output_user_data_by_data ON job_output_user_data (user_data_id, job_id);

CREATE TABLE result (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  run_id INTEGER NOT NULL,
  attempt_id INTEGER NOT NULL DEFAULT 1,
  compute_node_id INTEGER NOT NULL REFERENCES compute_node (id) ON DELETE CASCADE,
  return_code INTEGER NOT NULL,
  exec_time_minutes REAL NOT NULL,
  completion_time TEXT NOT NULL,
  peak_memory_bytes INTEGER,
  avg_memory_bytes INTEGER,
  peak_cpu_percent REAL,
  avg_cpu_percent REAL,
  status TEXT NOT NULL,
  -- Whether it tells how the job stands now: the newest one, until the job is initialised again.
  is_current INTEGER NOT NULL DEFAULT 0,
  UNIQUE (job_id, run_id, attempt_id)
);

CREATE UNIQUE INDEX result_current ON result (job_id) WHERE is_current = 1;
CREATE INDEX result_of_workflow ON result (workflow_id, is_current);
CREATE INDEX result_by_node ON result (compute_node_id);

CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  -- Milliseconds since the epoch.
  timestamp INTEGER NOT NULL,
  -- JSON text.
  data TEXT NOT NULL
);

CREATE INDEX event_of_workflow ON event (workflow_id, timestamp);

CREATE TABLE workflow_action (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  trigger_type TEXT NOT NULL,
  action_type TEXT NOT NULL,
  -- JSON text.
  action_config TEXT NOT NULL,
  -- Whether it is about particular jobs, those in workflow_action_job.
  has_jobs INTEGER NOT NULL DEFAULT 0,
  trigger_count INTEGER NOT NULL DEFAULT 0,
  required_triggers INTEGER NOT NULL DEFAULT 1,
  executed INTEGER NOT NULL DEFAULT 0,
  executed_at TEXT,
  executed_by INTEGER REFERENCES compute_node (id) ON DELETE SET NULL,
  persistent INTEGER NOT NULL DEFAULT 0,
  is_recovery INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX workflow_action_of_workflow ON workflow_action (workflow_id);

CREATE TABLE workflow_action_job (
  action_id INTEGER NOT NULL REFERENCES workflow_action (id) ON DELETE CASCADE,
  job_id INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
  PRIMARY KEY (action_id, job_id)
) WITHOUT ROWID;

CREATE INDEX workflow_action_by_job ON workflow_action_job (job_id, action_id);

CREATE TABLE remote_worker (
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  worker TEXT NOT NULL,
  PRIMARY KEY (workflow_id, worker)
) WITHOUT ROWID;

CREATE TABLE access_group (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  description TEXT,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  -- The group of administrators, which the server's configuration alone decides on.
  is_system INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE user_group_membership (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_name TEXT NOT NULL,
  group_id INTEGER NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
  role TEXT NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'admin')),
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  UNIQUE (user_name, group_id)
);

CREATE TABLE workflow_access_group (
  workflow_id INTEGER NOT NULL REFERENCES workflow (id) ON DELETE CASCADE,
  group_id INTEGER NOT NULL REFERENCES access_group (id) ON DELETE CASCADE,
  created_at TEXT NOT NULL DEFAULT (datetime('now')),
  PRIMARY KEY (workflow_id, group_id)
) WITHOUT ROWID;
