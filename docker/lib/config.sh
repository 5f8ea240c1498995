# shellcheck shell=bash disable=SC2034,SC2119,SC2120 # names used by the scripts that read this file
# Configuration: values, and templates rendered with them. Shared by both ways to boot.

declare -A VALUES=()

# Reads KEY=VALUE lines into VALUES. Nothing in the file is executed.
load_profile() { # NAME
  local file=$HERE/etc/profile-$1.conf key value
  [[ $1 =~ ^[a-z]+$ && -r $file ]] || die "no profile '$1': standard or fast"
  while IFS='=' read -r key value; do
    [[ $key == \#* || -z $key ]] || VALUES[$key]=$value
  done <"$file"
}

# Prints NAME FAMILY MEMORY_MB for each node.
node_table() {
  local family count memory i
  while read -r family count memory; do
    [[ $family == \#* || -z $family ]] && continue
    for ((i = 1; i <= count; i++)); do echo "$family$i $family $memory"; done
  done <"$HERE/etc/nodes"
}

# Prints the NodeName= lines. On one machine all nodes share its address and differ in port;
# in containers each has its own host name.
node_lines() { # [FIRST_PORT]
  local name family memory port=${1:-} address
  while read -r name family memory; do
    address="NodeHostname=$name NodeAddr=$name"
    [[ -n $port ]] && address="NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port++))"
    echo "NodeName=$name $address CPUs=${VALUES[CPUS_$family]} RealMemory=$memory State=UNKNOWN"
  done < <(node_table)
}

memory_limit_lines() { # cgroup|poll
  case $1 in
    cgroup) printf '%s\n' ProctrackType=proctrack/cgroup TaskPlugin=task/cgroup JobAcctGatherFrequency=task=5 ;;
    poll) printf '%s\n' ProctrackType=proctrack/linuxproc TaskPlugin=task/none JobAcctGatherFrequency=task=1 \
      JobAcctGatherParams=OverMemoryKill ;;
    *) die "memory limits are 'cgroup' or 'poll', not '$1'" ;;
  esac
}

render() { # TEMPLATE
  local text key
  text=$(<"$HERE/etc/$1") || die "cannot read $HERE/etc/$1"
  for key in "${!VALUES[@]}"; do text=${text//"@$key@"/"${VALUES[$key]}"}; done
  [[ $text =~ @[A-Z_]+@ ]] && die "$1: nothing to put for ${BASH_REMATCH[0]}"
  printf '%s\n' "$text"
}

# Renders slurm.conf with FILE's lines: a Key=Value there replaces ours, NodeName= and PartitionName= are added.
render_with_extra() { # TEMPLATE FILE
  render "$1" | awk -F= '
    function key(s) { gsub(/[ \t]/, "", s); return tolower(s) }
    FILENAME == ARGV[1] { if ($1 !~ /^[ \t]*(#|$)/ && key($1) !~ /^(nodename|partitionname)$/) ours[key($1)]; next }
    !(key($1) in ours)' "$2" - && cat "$2"
}

# Puts the output of COMMAND at FILE if it differs; sets CHANGED=1 then.
install_config() { # FILE MODE COMMAND...
  local file=$1 mode=$2
  shift 2
  "$@" >"$file.new" || exit 1
  chown slurm "$file.new" && chmod "$mode" "$file.new"
  if cmp -s "$file.new" "$file"; then
    rm -f "$file.new"
  else
    mv "$file.new" "$file"
    CHANGED=1
  fi
}
