#!/bin/bash
#SBATCH --job-name=black-hole-job
# A task on the node BAD_NODE at level 0 ends at once, as on a node whose filesystem is gone; on others it takes two
# seconds. An index of TOO_LARGE (a word each) runs out of memory at level 0.
[ "$SLURMD_NODENAME" = "$BAD_NODE" ] && [ "$MEM_ESCALATE_LEVEL" = 0 ] && exit 1
sleep 2
case " ${TOO_LARGE-} " in
  *" $SLURM_ARRAY_TASK_ID "*) [ "$MEM_ESCALATE_LEVEL" = 0 ] || exit 0 ;;
  *) exit 0 ;;
esac
perl -e 'my $m = "x" x ($ARGV[0] * 1024 * 1024); print length($m), "\n"; sleep 1' $((SLURM_MEM_PER_NODE * 2))
