# shellcheck shell=bash
# Messages, processes, waiting.

say() { echo "cluster: $*"; }
die() { echo "cluster: error: $*" >&2; exit 1; }

# Daemons run with a clean environment that carries this mark. It tells our processes from those of another
# cluster, and from a stranger that got the process id of a dead daemon.
MARK="AFTEROK_CLUSTER_OWNER=$STATE"
DAEMON_ENV=("$MARK" PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/ "SLURM_CONF=$STATE/etc/slurm.conf"
  "MYSQL_UNIX_PORT=$STATE/run/db/mysql.sock")

# Turns this subshell into COMMAND, detached from the caller: own session, clean environment, and none of the
# caller's files open, so that a pipe or lock of the caller does not stay open as long as the daemon lives.
become() { # LOG COMMAND...
  local log=$1 fd
  shift
  exec </dev/null >>"$log" 2>&1
  for fd in "/proc/$BASHPID/fd"/*; do
    fd=${fd##*/}
    ((fd > 2)) && exec {fd}>&-
  done
  cd / && exec setsid env -i "${DAEMON_ENV[@]}" "$@"
}

is_gone() { # PID
  ! kill -0 "$1" 2>/dev/null || grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

is_ours() { # PID
  local variable
  while IFS= read -r -d '' variable; do
    [[ $variable == "$MARK" ]] && return 0
  done 2>/dev/null <"/proc/$1/environ"
  return 1
}

# Prints the process id of a running daemon: slurmctld, slurmd-d1, ...
pid_of() { # NAME
  local pid program=${1%%-*} comm=
  read -r pid 2>/dev/null <"$STATE/run/$1.pid" || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  read -r comm 2>/dev/null <"/proc/$pid/comm" || return 1
  [[ $comm == "$program" ]] && is_ours "$pid" && ! is_gone "$pid" && echo "$pid"
}
is_running() { pid_of "$1" >/dev/null; }

wait_gone() { # PID SECONDS
  local turns=$(($2 * 20))
  while ((turns-- > 0)); do
    is_gone "$1" && return 0
    sleep 0.05
  done
  return 1
}

# TERM, then KILL for what does not end in time. Stopping what does not run is fine.
stop_process() { # NAME SECONDS
  local pid
  if pid=$(pid_of "$1"); then
    kill -TERM "$pid" 2>/dev/null
    if ! wait_gone "$pid" "$2"; then
      kill -KILL "$pid" 2>/dev/null
      wait_gone "$pid" 5 || die "$1 (process $pid) does not end"
    fi
  fi
  rm -f "$STATE/run/$1.pid"
}

wait_for() { # SECONDS NAME COMMAND...
  local end=$((SECONDS + $1)) name=$2
  shift 2
  while ((SECONDS < end)); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.05
  done
  die "$name did not come up, see $STATE/log"
}
