import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import type { Test } from 'tap';
import { PACKAGE_ROOT } from '../lib/package-root.js';

/**
 * All of Slurm's commands in one script that keeps the queue in a file. It runs nothing: a test says how jobs end.
 * With `inadmissible` nothing can ever run, and `refuse` and `lose` hold a part of a comment: such a job is refused, or accepted without sbatch hearing of it.
 * A file `no-accounting` takes accounting away.
 */
const PROGRAM = `#!/bin/bash
cd "$FAKE_SLURM" || exit 1
if [ "$1" = --version ]; then
  echo 'slurm 22.05.8'
  exit
fi
case "\${0##*/}" in
sbatch)
  comment= reason=Priority
  for word in "$@"; do
    case "$word" in
    --comment=*) comment=\${word#*=} ;;
    --hold) reason=JobHeldUser ;;
    --dependency=*) reason=Dependency ;;
    --test-only) [ ! -e inadmissible ] || { echo 'allocation failure: Requested node configuration is not available' >&2; exit 1; }; exit ;;
    esac
  done
  if [ -e refuse ] && [[ $comment == *"$(cat refuse)"* ]]; then
    echo 'sbatch: error: Batch job submission failed: Invalid account or account/partition combination specified' >&2
    exit 1
  fi
  id=$(($(cat last-id 2>/dev/null || echo 100) + 1))
  echo $id > last-id
  echo "$id|PENDING|$reason|$comment" >> queue
  printf '%s\\0' "$id" "$@" > "submitted-$id"
  echo "$id \${comment%% *}" >> accepted
  if [ -e lose ] && [[ $comment == *"$(cat lose)"* ]]; then
    rm lose
    echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
    exit 1
  fi
  echo 'Welcome to the cluster'
  echo $id ;;
squeue)
  ids=
  while [ $# -gt 0 ]; do
    [ "$1" = -j ] && ids=,$2,
    shift
  done
  while IFS='|' read -r id rest; do
    if [ -z "$ids" ] || [[ $ids == *",$id,"* ]]; then echo "$id|$rest"; fi
  done < queue ;;
scontrol)
  case "$1 $2" in
  'show config')
    echo "MaxArraySize            = $(cat max-array-size)"
    [ ! -e no-accounting ] || echo 'AccountingStorageType   = accounting_storage/none' ;;
  release*)
    for id in \${2//,/ }; do
      sed -i "s/^$id|PENDING|JobHeldUser|/$id|RUNNING|None|/" queue
      echo "$id" >> released
    done ;;
  *)
    echo 'slurm_load_jobs error: Invalid job id specified' >&2
    exit 1 ;;
  esac ;;
scancel)
  for id in "$@"; do
    case "$id" in
    --*) ;;
    *)
      sed -i "/^$id|/d" queue
      echo "$id" >> cancelled ;;
    esac
  done ;;
sinfo) cat partitions ;;
sacct)
  if [ -e no-accounting ]; then
    echo 'Slurm accounting storage is disabled' >&2
    exit 1
  fi
  cat accounting ;;
esac
`;

const PARTITIONS = `devel|up|1:00|1024|4|10|d[1-10]
day*|up|1:00|2048|4|5|n[1-5]
week|up|2:00|8192|4|2|w[1-2]
pi_jetz|up|8:00|16384|8|1|p1
`;

export interface Ran {
  status: number | null;
  signal: string | null;
  stdout: string;
  stderr: string;
}

/** A cluster of files in a folder of the test's own, and the commands of afterok beside it. */
export class FakeSlurm {
  readonly env: NodeJS.ProcessEnv;

  constructor(readonly folder: string) {
    this.env = { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, FAKE_SLURM: folder };
  }

  /** Runs a program of this package, `bin/mem-escalate` for example, in the folder. */
  async run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ran> {
    // Without the loader that tap puts into the environment of every process.
    const command = ['-u', 'NODE_OPTIONS', process.execPath, `${PACKAGE_ROOT}dist/${program}.js`, ...args];
    const child = spawn('/usr/bin/env', command, { cwd: this.folder, env: { ...this.env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    child.stdin.on('error', () => {}).end(input);
    return await new Promise((resolve) => {
      child.on('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
    });
  }

  /** Lines of one of the cluster's files; none when there is no such file. */
  lines(name: string): string[] {
    const path = `${this.folder}/${name}`;
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  write(name: string, text: string): void {
    writeFileSync(`${this.folder}/${name}`, text);
  }

  append(name: string, line: string): void {
    appendFileSync(`${this.folder}/${name}`, `${line}\n`);
  }

  /** Tokens of all jobs that were accepted, in order, without the part that all jobs of a chain share. */
  get accepted(): string[] {
    return this.lines('accepted').map((line) => line.split(':').slice(2).join(':'));
  }

  /** The last job that was accepted under a token that ends so. */
  jobId(token: string): string {
    return (
      this.lines('accepted')
        .findLast((line) => line.endsWith(`:${token}`))
        ?.split(' ')[0] ?? ''
    );
  }

  /** The arguments with which a job was submitted. */
  submitted(jobId: string): string[] {
    return readFileSync(`${this.folder}/submitted-${jobId}`, 'utf8').split('\0').slice(1, -1);
  }

  /** Says how the tasks of a job end (`FAILED 1:0`, and the node where it matters), once it has been submitted and released. */
  account(jobId: string, tasks: Readonly<Record<string, string>>): void {
    const now = Math.floor(Date.now() / 1000);
    for (const [task, ending] of Object.entries(tasks)) {
      const [state, exit, node = 'n1'] = ending.split(' ');
      this.append(
        'accounting',
        [`${jobId}_${task}`, jobId, state, exit, node, 5, 1, '', now, now, now, ''].join('|'),
      );
    }
  }

  /** Ends a job: its tasks appear in accounting, and it leaves the queue. */
  end(jobId: string, tasks: Readonly<Record<string, string>>): void {
    this.account(jobId, tasks);
    const left = this.lines('queue').filter((row) => !row.startsWith(`${jobId}|`));
    this.write('queue', left.map((row) => `${row}\n`).join(''));
  }
}

const COMMANDS = ['sbatch', 'squeue', 'scontrol', 'scancel', 'sinfo', 'sacct'];

export function fakeSlurm(t: Test, { maxArraySize = 1001 } = {}): FakeSlurm {
  const folder = t.testdir({
    bin: { program: PROGRAM },
    queue: '',
    accounting: '',
    partitions: PARTITIONS,
    'max-array-size': String(maxArraySize),
    'job.sh': '#!/bin/bash\necho hello\n',
    'ladder.yaml': `levels:
  - { partition: "devel,day", mem: 1G, time: 1 }
  - { partition: week, mem: 4G, time: 2 }
logging: { enabled: false }
`,
  });
  chmodSync(`${folder}/bin/program`, 0o755);
  for (const name of COMMANDS) symlinkSync('program', `${folder}/bin/${name}`);
  return new FakeSlurm(folder);
}
