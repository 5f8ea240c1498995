# shellcheck shell=bash disable=SC2034,SC2119,SC2120 # names used by the scripts that read this file
# The control groups that hold jobs to their memory. Shared by both ways to boot.
#
# All job cgroups of a cluster lie below directories of its own, so that two clusters do not meet and `down`
# finds everything:
#   cgroup v1  <memory>/<cgroup of the caller>/afterok-ID and <freezer>/...: below the caller's cgroup, so jobs
#              stay within its limits. Slurm wants one folder with an entry per controller: a folder of links.
#   cgroup v2  /sys/fs/cgroup/afterok-ID: in the root, because elsewhere a cgroup with processes of its own
#              cannot hand controllers to its children. Slurm puts together its mount point and the path in
#              /proc/self/cgroup; a cgroup namespace makes that path begin at our directory.
#   in a container with cgroup v2: the container's own cgroup, which is the root of its namespace already.

CGROUP_LINKS=$STATE/cgroup

cgroup_id() { echo "afterok-$(printf %s "$STATE" | cksum | cut -d' ' -f1)"; }

cgroup_version() {
  if grep -qs ' cgroup [^ ]*memory' /proc/mounts; then
    echo v1
  elif grep -qsw memory /sys/fs/cgroup/cgroup.controllers; then
    echo v2
  else
    die "no cgroup memory controller here; AFTEROK_CLUSTER_MEMORY=poll does without (no OUT_OF_MEMORY state)"
  fi
}

# The directory of the cgroup this shell is in.
v1_own_directory() { # CONTROLLER
  local mount path
  mount=$(awk -v c="$1" '$3 == "cgroup" && ("," $4 ",") ~ ("," c ",") { print $2; exit }' /proc/mounts)
  path=$(awk -F: -v c="$1" '("," $2 ",") ~ ("," c ",") { print $3; exit }' /proc/self/cgroup)
  [[ -n $mount && -n $path ]] || return 1
  # With a cgroup namespace the mount already is our cgroup.
  [[ -d $mount${path%/} ]] && mount=$mount${path%/}
  echo "$mount"
}

v1_create() {
  local controller directory
  mkdir -p "$CGROUP_LINKS"
  for controller in memory freezer; do
    [[ -e $CGROUP_LINKS/$controller/cgroup.procs ]] && continue
    directory=$(v1_own_directory "$controller") || die "no cgroup v1 controller '$controller' here"
    directory=$directory/$(cgroup_id)
    mkdir -p "$directory" || die "cannot make $directory; AFTEROK_CLUSTER_MEMORY=poll does without"
    ln -sfn "$directory" "$CGROUP_LINKS/$controller"
  done
  VALUES[CGROUP_PLUGIN]=cgroup/v1
  VALUES[CGROUP_MOUNT]=$CGROUP_LINKS
  # Without swap accounting in the kernel there is nothing to write a swap limit to.
  VALUES[CONSTRAIN_SWAP]=no
  [[ -e $CGROUP_LINKS/memory/memory.memsw.limit_in_bytes ]] && VALUES[CONSTRAIN_SWAP]=yes
  return 0
}

# pids is not used, but Slurm 22.05 overlooks the last name of the list of controllers.
V2_CONTROLLERS='+cpuset +cpu +memory +pids'

# Makes TOP a place for the cgroups of jobs: TOP/daemons for slurmd, TOP/system.slice for Slurm to use.
v2_prepare() { # TOP
  mkdir -p "$1/daemons" "$1/system.slice" || die "cannot write to $1"
  echo "$V2_CONTROLLERS" >"$1/cgroup.subtree_control" || die "no cgroup controllers in $1"
  echo "$V2_CONTROLLERS" >"$1/system.slice/cgroup.subtree_control" || die "no cgroup controllers in $1"
  VALUES[CGROUP_PLUGIN]=cgroup/v2
  VALUES[CGROUP_MOUNT]=$1
  VALUES[CONSTRAIN_SWAP]=no
  [[ -e $1/daemons/memory.swap.max ]] && VALUES[CONSTRAIN_SWAP]=yes
  return 0
}

v2_create() {
  local top
  top=/sys/fs/cgroup/$(cgroup_id)
  mkdir -p "$CGROUP_LINKS" "$top" || die "cannot make $top; AFTEROK_CLUSTER_MEMORY=poll does without"
  ln -sfn "$top" "$CGROUP_LINKS/unified"
  if ! grep -qs " $CGROUP_LINKS/namespace " /proc/mounts; then
    # The namespace's root is where its first process is. That one must leave before controllers are handed on.
    : >"$CGROUP_LINKS/namespace"
    (echo "$BASHPID" >"$top/cgroup.procs" && unshare --cgroup="$CGROUP_LINKS/namespace" true) ||
      die "cannot make a cgroup namespace; AFTEROK_CLUSTER_MEMORY=poll does without"
  fi
  # Root hands the controllers to us; systemd has mostly done so.
  echo "$V2_CONTROLLERS" >/sys/fs/cgroup/cgroup.subtree_control || die "no cgroup controllers for $top"
  v2_prepare "$top"
}

# The host's cgroups are mounted here; the container's own is the one that bears its id.
v2_create_in_container() {
  local id top pid
  id=$(grep -oE '/[0-9a-f]{64}/hostname' /proc/self/mountinfo | head -1 | cut -d/ -f2)
  top=$(find /sys/fs/cgroup -type d -name "*$id*" -print -quit)
  [[ -n $id && -n $top ]] || die "the cgroup of this container is not at /sys/fs/cgroup"
  mkdir -p "$top/daemons" || die "cannot write to $top"
  while read -r pid; do echo "$pid" >"$top/daemons/cgroup.procs"; done <"$top/cgroup.procs" 2>/dev/null
  v2_prepare "$top"
}

# Sets CGROUP_ENTER to the words that start COMMAND where its jobs' cgroups can be made.
cgroup_enter() {
  CGROUP_ENTER=()
  [[ -L $CGROUP_LINKS/unified ]] || return 0
  # shellcheck disable=SC2016 # expanded by that sh
  CGROUP_ENTER=(sh -c 'echo $$ >"$1/daemons/cgroup.procs" && shift && exec "$@"' sh "$CGROUP_LINKS/unified"
    nsenter "--cgroup=$CGROUP_LINKS/namespace")
}

cgroup_create() {
  case $(cgroup_version) in
    v1) v1_create ;;
    v2) if [[ -e /.dockerenv ]]; then v2_create_in_container; else v2_create; fi ;;
    *) exit 1 ;;
  esac
}

# The top directories of our cgroups.
cgroup_tops() {
  local link top
  for link in "$CGROUP_LINKS"/*; do
    top=$(readlink "$link") || continue
    [[ ${top##*/} == "$(cgroup_id)" && -d $top ]] && echo "$top"
  done
}

# Kills every process in our cgroups; with --jobs-only not the slurmstepd that look after jobs.
cgroup_kill() { # [--jobs-only]
  local top pid comm
  for top in $(cgroup_tops); do
    # A frozen process does not die.
    find "$top" -mindepth 2 -name freezer.state -exec sh -c 'for f; do echo THAWED >"$f"; done' sh {} +
    while read -r pid; do
      [[ ${1:-} == --jobs-only ]] && read -r comm <"/proc/$pid/comm" && [[ $comm == slurmstepd ]] && continue
      kill -KILL "$pid"
    done < <(find "$top" -name cgroup.procs -exec cat {} +)
  done 2>/dev/null
}

# Ends what is left in our cgroups and removes them.
cgroup_remove() {
  local top turn
  for ((turn = 0; turn < 50; turn++)); do
    cgroup_kill
    for top in $(cgroup_tops); do find "$top" -depth -type d -exec rmdir {} + 2>/dev/null; done
    [[ -z $(cgroup_tops) ]] && break
    sleep 0.1
  done
  [[ -z $(cgroup_tops) ]] || die "cannot remove $(cgroup_tops)"
  grep -qs " $CGROUP_LINKS/namespace " /proc/mounts && umount "$CGROUP_LINKS/namespace"
  rm -rf "$CGROUP_LINKS"
}
