import { shellQuote } from './kept-script.js';

/** Why a job does not run the person's script itself. At least one of the two is set. */
export interface WrapperNeeds {
  /** File of the true indices, for a mapped array job. */
  indexMap: string | null;
  /** Folder that gets a completion record of every attempt. */
  records: string | null;
}

/** Stand around the number in the name of a mapped task's output file until its wrapper renames it. */
const MAPPED_MARKS = ['@mapped', '@'] as const;

/**
 * The output pattern of a mapped job: `%a` would be the dense index, so that the names of two jobs of a round
 * would collide.
 */
export function mappedOutput(pattern: string): string {
  return pattern.replace(/(?<!%)((?:%%)*)(%\d*a)/g, `$1${MAPPED_MARKS.join('$2')}`);
}

/**
 * The script that a job runs instead of the person's, which it starts with the same arguments, environment and
 * standard streams. Its `#SBATCH` lines are those of the person. Its variables have names of their own, since one that
 * the person exports would reach the script changed; `-p` leaves BASH_ENV, exported functions and SHELLOPTS to the
 * script.
 *
 * @param directives the script's own `#SBATCH` lines, verbatim
 */
export function wrapperScript(directives: readonly string[], needs: WrapperNeeds, script: string): string {
  return [
    '#!/bin/bash -p',
    ...directives,
    needs.indexMap === null ? OWN_INDEX : mappedIndex(needs.indexMap),
    needs.records === null ? `exec ${shellQuote(script)} "$@"` : recorded(needs.records, script),
    '',
  ].join('\n');
}

/** What Slurm calls the task, for the record. */
const OWN_INDEX = `_afterok_task=\${SLURM_ARRAY_TASK_ID-null}`;

/**
 * Looks up the true index, gives it to the task as SLURM_ARRAY_TASK_ID, and names the output file after it (a rename
 * keeps the file that slurmstepd has open, so its own messages end up there too).
 */
function mappedIndex(indexMap: string): string {
  return `_afterok_task=$SLURM_ARRAY_TASK_ID
SLURM_ARRAY_TASK_ID=$(command -p sed -n "$((_afterok_task + 1))p" ${shellQuote(indexMap)})
[ -n "$SLURM_ARRAY_TASK_ID" ] || { echo "afterok: no index for task $_afterok_task in the index map" >&2; exit 1; }
export SLURM_ARRAY_TASK_ID
for _afterok_stream in 1 2; do
  _afterok_path=$(command -p readlink "/proc/$$/fd/$_afterok_stream") || continue
  _afterok_name=$_afterok_path
  while [[ $_afterok_name =~ ${MAPPED_MARKS.join('([0-9]+)')} ]]; do
    printf -v _afterok_number "%0\${#BASH_REMATCH[1]}d" "$SLURM_ARRAY_TASK_ID"
    _afterok_name=\${_afterok_name/"\${BASH_REMATCH[0]}"/$_afterok_number}
  done
  [ "$_afterok_name" = "$_afterok_path" ] || command -p mv -f -- "$_afterok_path" "$_afterok_name" || true
done`;
}

/**
 * Runs the script as a child, and keeps one file for the attempt: written when it starts, replaced when Slurm's
 * SIGTERM comes (what follows may be SIGKILL) and when it has ended, each time under another name and renamed.
 *
 * - Slurm's signals go to the batch shell alone (measured: scancel, --batch, --signal=B:, the time limit), so the
 *   wrapper passes on what it gets. Only `scancel --full` reaches the script twice.
 * - Job control makes the script the leader of a process group, as a batch shell is: \`kill -- -$$\` keeps working,
 *   \`kill 0\` does not reach the wrapper, and SIGINT is not ignored.
 * - \`wait\` says 143 of an exit with 143 and of a death by SIGTERM. Only a death does bash report on its standard error,
 *   which is a pipe here: as \`[1]+  Terminated  …\`, or \`wrapper: line 9: PID Killed  …\` of a signal without a trap.
 * - A signal that comes before the script runs waits for it.
 * - The wrapper ends as the script did. Of a core dump there is one.
 */
function recorded(folder: string, script: string): string {
  return `_afterok_job=\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID} _afterok_term=null _afterok_child= _afterok_writer= _afterok_early=
_afterok_record=$_afterok_job
[ "$_afterok_task" = null ] || _afterok_record+=_$_afterok_task
_afterok_record+=.\${SLURM_RESTART_COUNT:-0}
_afterok_folder=${shellQuote(folder)}
_afterok_cpus=\${SLURM_CPUS_ON_NODE:-null}
[ "\${SLURM_JOB_NUM_NODES:-1}" = 1 ] || _afterok_cpus=null
read -r _afterok_host </proc/sys/kernel/hostname
printf -v _afterok_start '%(%s)T' -1
_afterok_write() { # END CODE SIGNAL OOM_KILLS
  local new=$_afterok_folder/.$_afterok_record.new
  printf '{"job":"%s","task":%s,"index":%s,"restart":%s,"node":"%s","host":"%s","cpus":%s,"start":%s,"term":%s,"end":%s,"code":%s,"signal":%s,"oomKills":%s}\\n' \\
    "$_afterok_job" "$_afterok_task" "\${SLURM_ARRAY_TASK_ID:-0}" "\${SLURM_RESTART_COUNT:-0}" "\${SLURMD_NODENAME-}" \\
    "$_afterok_host" "$_afterok_cpus" "$_afterok_start" "$_afterok_term" "$@" >"$new" &&
    command -p mv -f -- "$new" "$_afterok_folder/$_afterok_record.json" ||
    echo "afterok: cannot write the completion record $_afterok_folder/$_afterok_record.json" >&2
}
_afterok_pass_on() { # SIGNAL
  if [ "$1" = TERM ] && [ "$_afterok_term" = null ]; then
    printf -v _afterok_term '%(%s)T' -1
    _afterok_write null null null null &
    _afterok_writer=$!
  fi
  if [ -n "$_afterok_child" ]; then kill -s "$1" "$_afterok_child" 2>/dev/null; else _afterok_early+=" $1"; fi
}
# Processes of the job that the kernel killed for want of memory: Slurm then says OUT_OF_MEMORY, whatever the exit code.
_afterok_oom_kills() {
  local controllers path file= key value
  kills=null
  while IFS=: read -r _ controllers path; do
    case ,$controllers, in
      *,memory,*) file=/sys/fs/cgroup/memory$path/memory.oom_control && break ;;
      ,,) while [ ! -e "/sys/fs/cgroup$path/memory.events" ] && [[ $path == */step_*/* ]]; do path=\${path%/*}; done
        file=/sys/fs/cgroup$path/memory.events ;;
    esac
  done </proc/self/cgroup
  # Another job's cgroup, that of a container for one, says nothing of this one.
  [[ $path == *job_$SLURM_JOB_ID/step_batch* && -r $file ]] || return
  while read -r key value; do [ "$key" = oom_kill ] && kills=$value; done <"$file"
}
_afterok_write null null null null
# An open pipe without a process at its other end.
exec {_afterok_reports}<> <(:)
exec {_afterok_stderr}>&2 2>&"$_afterok_reports"
for _afterok_signal in HUP INT QUIT ABRT USR1 USR2 PIPE ALRM TERM TSTP CONT URG XCPU XFSZ VTALRM PROF WINCH IO PWR {34..64}; do
  trap "_afterok_pass_on $_afterok_signal" "$_afterok_signal"
done
set -m
${shellQuote(script)} "$@" 2>&"$_afterok_stderr" {_afterok_stderr}>&- {_afterok_reports}>&- &
_afterok_child=$!
for _afterok_signal in $_afterok_early; do kill -s "$_afterok_signal" "$_afterok_child"; done 2>/dev/null
while :; do
  wait "$_afterok_child"
  status=$?
  kill -0 "$_afterok_child" 2>/dev/null || break
  # Stopped, and not for us to say for how long.
  ((status < 147 || status > 150)) || sleep 1
done
# A signal that was passed on can have ended the wait before.
wait "$_afterok_child"
status=$?
[ -z "$_afterok_writer" ] || wait "$_afterok_writer"
exec 2>&"$_afterok_stderr"
code=$status signal=0
if ((status > 128)); then
  while read -r -t 0 -u "$_afterok_reports" && read -r -u "$_afterok_reports" report; do
    # Process ids stand right-aligned in five places.
    [[ $report != '['* && ! $report =~ ": "\\ *"$_afterok_child " ]] || code=0 signal=$((status - 128))
  done
fi
_afterok_oom_kills
printf -v end '%(%s)T' -1
_afterok_write "$end" "$code" "$signal" "$kills"
if ((signal > 0)); then
  ulimit -c 0
  trap - "$signal"
  kill -s "$signal" $$
fi
exit "$status"`;
}
