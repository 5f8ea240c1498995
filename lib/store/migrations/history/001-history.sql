-- The history of chains: an index over checkpoints and outcome files, made anew from them at any time.
-- Words as in lib/glossary.md; times are seconds since the epoch.
--
-- CHECKs hold words and invariants of ours. What Slurm reports is evidence and is stored as it came.
-- Not STRICT: the sqlite3 of RHEL 8 and 9 (3.26, 3.34), with which people look in, could not open the file.

CREATE TABLE chains (
  chain TEXT NOT NULL PRIMARY KEY,
  -- Of the checkpoint that this picture was made from; an older one never replaces it.
  sequence INTEGER NOT NULL CHECK (sequence >= 0),
  state TEXT NOT NULL CHECK (
    state IN ('active', 'blocked', 'stopped', 'completed', 'failed', 'exhausted', 'capped', 'cancelled')
  ),
  reason TEXT,
  user TEXT NOT NULL,
  script TEXT NOT NULL,
  script_sha256 TEXT NOT NULL,
  cwd TEXT NOT NULL,
  ladder TEXT NOT NULL,
  -- All indices as an array spec; NULL for a single job.
  array TEXT,
  tasks INTEGER NOT NULL CHECK (tasks >= 1),
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL
);

CREATE TABLE rounds (
  chain TEXT NOT NULL REFERENCES chains (chain) ON DELETE CASCADE,
  round INTEGER NOT NULL CHECK (round >= 1),
  phase TEXT NOT NULL CHECK (phase IN ('submitting', 'submitted', 'guarded', 'running', 'finished')),
  tasks INTEGER NOT NULL CHECK (tasks >= 1),
  -- Lists, comma separated: one or several levels; the ids of what has been submitted.
  levels TEXT NOT NULL CHECK (levels <> ''),
  job_ids TEXT NOT NULL,
  handler_ids TEXT NOT NULL,
  started_at REAL NOT NULL,
  -- Set together with the attempts of the round.
  finished_at REAL,
  PRIMARY KEY (chain, round),
  CHECK ((phase = 'finished') = (finished_at IS NOT NULL))
);

-- One row an attempt: one run of a task in one finished round.
CREATE TABLE tasks (
  chain TEXT NOT NULL,
  round INTEGER NOT NULL,
  task_index INTEGER NOT NULL CHECK (task_index >= 0),
  level INTEGER NOT NULL CHECK (level >= 0),
  bucket TEXT NOT NULL CHECK (bucket IN ('completed', 'retrying', 'failed', 'unknown')),
  -- UNKNOWN, and NULL below, where Slurm told nothing.
  state TEXT NOT NULL,
  job_id TEXT,
  -- As sacct prints them: codes from 128 on may have lost 128.
  exit_code INTEGER,
  signal INTEGER,
  node TEXT,
  elapsed_seconds REAL,
  max_rss_bytes INTEGER,
  started_at REAL,
  ended_at REAL,
  PRIMARY KEY (chain, round, task_index),
  FOREIGN KEY (chain, round) REFERENCES rounds (chain, round) ON DELETE CASCADE,
  -- Nothing counts as done that Slurm called otherwise, but for a script that survived an OOM and exited with 0.
  CHECK (bucket <> 'completed' OR state IN ('COMPLETED', 'UNKNOWN', 'OUT_OF_MEMORY'))
) WITHOUT ROWID;

CREATE TABLE events (
  chain TEXT NOT NULL REFERENCES chains (chain) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  at REAL NOT NULL,
  round INTEGER NOT NULL,
  kind TEXT NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (chain, position)
) WITHOUT ROWID;
