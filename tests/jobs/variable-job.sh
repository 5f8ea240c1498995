#!/bin/bash
#SBATCH --job-name=variable-job
# Test job with predictable failures by task id:
#
#   id mod 10   behaviour              level 0   level 1   level 2   level 3
#   0-4         quick (5 s)            ok
#   5-6         medium (75 s)          TIMEOUT   ok
#   7           slow (150 s)           TIMEOUT   TIMEOUT   ok
#   8           memory hog (1.5 GB)    OOM       ok
#   9           very slow (300 s)      TIMEOUT   TIMEOUT   TIMEOUT   ok
#
# FAIL_TASKS=10:11:12   these tasks exit with code 1
# FAIL_MOD=17           tasks divisible by 17 exit with code 1
# VARIABLE_JOB_SCALE    seconds of the job per second of the table (default 1). With a scale a task that would outlive
#                       its limit asks the controller to enforce the limit now, instead of running into it: the
#                       TIMEOUT is Slurm's own all the same, at its next check (every 30 s).
# AFTEROK_TIME_SCALE    set by pocket Slurm, where a minute of a limit passes in 1/scale of a minute: the job's seconds
#                       pass as fast, and limits really hit
# VARIABLE_JOB_MEM_MB   what the memory hog allocates (default 1536)
set -u
id=${SLURM_ARRAY_TASK_ID:-0}
scale=${VARIABLE_JOB_SCALE:-1}
hog_mb=${VARIABLE_JOB_MEM_MB:-1536}

fail() {
  echo "task $id: deliberate code error ($1)"
  exit 1
}

case ":${FAIL_TASKS:-}:" in
  *":$id:"*) fail "FAIL_TASKS" ;;
esac
if [ -n "${FAIL_MOD:-}" ] && [ $((id % FAIL_MOD)) -eq 0 ]; then
  fail "FAIL_MOD=$FAIL_MOD"
fi

# run_for SECONDS: works that long, unless the job's time limit comes first
run_for() {
  if [ -n "${AFTEROK_TIME_SCALE:-}" ]; then
    local us=$(($1 * 1000000 / AFTEROK_TIME_SCALE))
    printf -v us "%d.%06d" $((us / 1000000)) $((us % 1000000))
    sleep "$us"
    return
  fi
  if [ "$scale" = 1 ]; then
    sleep "$1"
    return
  fi
  local limit
  limit=$(squeue -h -j "$SLURM_JOB_ID" -o %l | head -n 1)
  if [ -n "$limit" ] && [ "$(seconds_of "$limit")" -lt "$1" ]; then
    sleep "$(awk -v s="$scale" -v l="$(seconds_of "$limit")" 'BEGIN { print s * l }')"
    # `now` is a second that may be over when the controller looks at it; that is refused.
    scontrol update jobid="$(own_job)" EndTime=now || scontrol update jobid="$(own_job)" EndTime=now
    sleep 300
  fi
  sleep "$(awk -v s="$scale" -v d="$1" 'BEGIN { print s * d }')"
}

# The name of this task alone. One task of each array runs under the array's own id, which scontrol takes for all of
# its tasks. (The index that Slurm knows need not be SLURM_ARRAY_TASK_ID: see mapped array jobs.)
own_job() {
  if [ "$SLURM_JOB_ID" = "${SLURM_ARRAY_JOB_ID:-}" ]; then
    squeue -h -j "$SLURM_JOB_ID" -o '%A %i' | awk -v id="$SLURM_JOB_ID" '$1 == id && !/\[/ { print $2 }'
  else
    echo "$SLURM_JOB_ID"
  fi
}

# seconds_of [D-][HH:]MM:SS; a limit that is no time (UNLIMITED) is longer than any task
seconds_of() {
  echo "$1" | awk -F'[-:]' '
    !/^[0-9:-]+$/ { print 999999999; next }
    { n = 0; days = index($0, "-") ? $1 : 0; for (i = days || index($0, "-") ? 2 : 1; i <= NF; i++) n = n * 60 + $i
      print days * 86400 + n }'
}

printf 'task %s level %s node %s %(%T)T\n' "$id" "${MEM_ESCALATE_LEVEL:-none}" "${SLURMD_NODENAME:-?}" -1
case $((id % 10)) in
  [0-4]) run_for 5 ;;
  5 | 6) run_for 75 ;;
  7) run_for 150 ;;
  8) # holds the memory in one process for a moment, as a real job would
    perl -e 'my $m = "x" x ($ARGV[0] * 1024 * 1024); sleep 1; print length($m), "\n"' "$hog_mb" || exit $? ;;
  9) run_for 300 ;;
esac
printf 'task %s done %(%T)T\n' "$id" -1
