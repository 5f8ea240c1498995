#!/bin/bash
#SBATCH --job-name=plan-job
# Does in each attempt what plan.txt in the working folder says, and leaves a mark of the attempt in ran/.
#
# A line of plan.txt:  INDEX BEHAVIOUR...   one behaviour per attempt, the last one repeats; `*` is every other index
# A behaviour is a list joined by `+`:
#   ok             exit 0
#   exit:N         exit with that code
#   signal:NAME    the batch script dies by this signal
#   oom            allocates twice the memory that Slurm grants, and fails as the program does
#   oom-survived   the same, but the script goes on after its killed child and exits 0
#   timeout        sleeps past every limit
#   sleep:S        sleeps so many seconds and goes on
#   gate           waits until the file `go` exists and goes on
# A mark is a file ran/INDEX.JOB that holds the level; INDEX is `single` in a job that is no array.
set -u
index=${SLURM_ARRAY_TASK_ID-single}
mark=ran/$index.${SLURM_ARRAY_JOB_ID-$SLURM_JOB_ID}
shopt -s nullglob
earlier=(ran/"$index".*)
attempt=$((${#earlier[@]} + 1))
[ ! -e "$mark" ] || { echo "index $index runs twice in one job"; exit 99; }
echo "${MEM_ESCALATE_LEVEL-}" >"$mark"

while read -r name line; do
  if [ "$name" = "$index" ] || [ "$name" = '*' ]; then
    read -r -a behaviours <<<"$line"
    break
  fi
done <plan.txt
behaviour=${behaviours[attempt - 1]-${behaviours[-1]}}
echo "index $index attempt $attempt level ${MEM_ESCALATE_LEVEL-none} node $SLURMD_NODENAME: $behaviour"

allocate() {
  perl -e 'my $m = "x" x ($ARGV[0] * 1024 * 1024); print length($m), "\n"; sleep 1' $((SLURM_MEM_PER_NODE * 2))
}

IFS=+
for step in $behaviour; do
  case $step in
    ok) exit 0 ;;
    exit:*) exit "${step#exit:}" ;;
    signal:*) kill -s "${step#signal:}" $$ ;;
    oom) allocate || exit $? ;;
    oom-survived) allocate || exit 0 ;;
    timeout) sleep 600 ;;
    sleep:*) sleep "${step#sleep:}" ;;
    gate) until [ -e go ]; do sleep 0.2; done ;;
    *) echo "no behaviour $step" && exit 98 ;;
  esac
done
