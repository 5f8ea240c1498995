# shellcheck shell=bash disable=SC2034,SC2119,SC2120 # names used by the scripts that read this file
# Starting each daemon. Every start_ function does nothing when its daemon runs.

SERVICES=(munged mariadbd slurmdbd slurmctld slurmrestd)
MUNGE_SOCKET=$STATE/run/munge/munge.sock

is_node() { [[ -n ${1:-} ]] && node_table | grep -q "^$1 "; }
node_names() { node_table | cut -d' ' -f1; }

start_munged() {
  is_running munged && return
  local key=$STATE/munge/munge.key
  # munged wants folders that nobody but root can change.
  mkdir -p "$STATE/munge" "$STATE/run/munge"
  chmod 700 "$STATE/munge"
  [[ -s $key ]] || (umask 077 && head -c 1024 /dev/urandom >"$key")
  rm -f "$MUNGE_SOCKET" "$MUNGE_SOCKET.lock"
  (become "$STATE/log/munged.log" munged --force --num-threads=4 --socket="$MUNGE_SOCKET" --key-file="$key" \
    --pid-file="$STATE/munge/munged.pid" --seed-file="$STATE/munge/munged.seed" \
    --log-file="$STATE/munge/munged.log") || die "munged does not start, see $STATE/log/munged.log"
  wait_for 10 munged timeout 5 munge -n -S "$MUNGE_SOCKET"
  cp "$STATE/munge/munged.pid" "$STATE/run/munged.pid"
}

# A site without accounting has neither slurmdbd nor its database; slurmrestd 22.05 does not start there.
with_accounting() { [[ $(config_value slurm.conf AccountingStorageType) != accounting_storage/none ]]; }

start_mariadbd() {
  is_running mariadbd || ! with_accounting && return
  local socket=$STATE/run/db/mysql.sock log=$STATE/log/mariadbd.log
  mkdir -p "$STATE/run/db" "$STATE/tmp"
  chown mysql "$STATE/run/db" "$STATE/tmp"
  if [[ ! -f $STATE/db/.complete ]]; then
    rm -rf "$STATE/db"
    mkdir -p "$STATE/db"
    chown mysql "$STATE/db"
    mariadb-install-db --no-defaults --user=mysql --datadir="$STATE/db" --skip-test-db \
      --auth-root-authentication-method=socket --auth-root-socket-user=root >"$STATE/log/mariadb-install.log" 2>&1 ||
      die "no database, see $STATE/log/mariadb-install.log"
    touch "$STATE/db/.complete"
  fi
  : >>"$log" && chown mysql "$log"
  # A database for tests: no network, no care for power cuts. A killed mariadbd still recovers.
  become "$log" mariadbd --no-defaults --user=mysql --datadir="$STATE/db" --socket="$socket" \
    --pid-file="$STATE/run/db/mariadbd.pid" --log-error="$log" --tmpdir="$STATE/tmp" --skip-networking \
    --performance-schema=OFF --skip-log-bin --innodb-buffer-pool-size=128M --innodb-log-file-size=64M \
    --innodb-lock-wait-timeout=900 --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 \
    --max-allowed-packet=16M &
  wait_for 60 mariadbd timeout 5 mariadb-admin --no-defaults --socket="$socket" -u root ping
  cp "$STATE/run/db/mariadbd.pid" "$STATE/run/mariadbd.pid"
  mariadb --no-defaults --socket="$socket" -u root -e "
    CREATE DATABASE IF NOT EXISTS slurm_acct_db;
    CREATE USER IF NOT EXISTS 'slurm'@'localhost' IDENTIFIED VIA unix_socket;
    GRANT ALL ON slurm_acct_db.* TO 'slurm'@'localhost';" >>"$log" 2>&1 || die "no database, see $log"
}

# Daemons that find their port taken only say so in their logs.
need_port() { # PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && die "port $1 is in use; choose another AFTEROK_CLUSTER_PORT"
  return 0
}
config_value() { # FILE KEY
  sed -n "s/^$2=//p" "$STATE/etc/$1"
}

start_slurmdbd() {
  is_running slurmdbd || ! with_accounting && return
  need_port "$(config_value slurmdbd.conf DbdPort)"
  rm -f "$STATE/run/slurmdbd.pid"
  (become "$STATE/log/slurmdbd.start.log" slurmdbd) || die "slurmdbd does not start, see $STATE/log"
  wait_for 60 slurmdbd timeout 10 sacctmgr -n show cluster
  [[ -n $(sacctmgr -nP show cluster afterok format=cluster) ]] ||
    sacctmgr -i add cluster afterok >>"$STATE/log/slurmdbd.start.log" 2>&1 || die "cluster not registered, see $STATE/log"
}

start_slurmctld() {
  is_running slurmctld && return
  need_port "$(config_value slurm.conf SlurmctldPort)"
  rm -f "$STATE/run/slurmctld.pid"
  (become "$STATE/log/slurmctld.start.log" slurmctld) || die "slurmctld does not start, see $STATE/log"
  wait_for 60 slurmctld controller_answers
}
controller_answers() { timeout 5 scontrol ping | grep -q 'is UP'; }

# slurmrestd refuses root and the Slurm user.
start_slurmrestd() {
  is_running slurmrestd || ! with_accounting && return
  local folder=$STATE/run/rest
  mkdir -p "$folder"
  chown nobody "$folder"
  rm -f "$folder/slurmrestd.sock"
  become "$STATE/log/slurmrestd.log" setpriv --reuid=nobody --regid=nogroup --clear-groups slurmrestd -a rest_auth/local \
    "unix:$folder/slurmrestd.sock" &
  echo $! >"$STATE/run/slurmrestd.pid"
  wait_for 20 slurmrestd test -S "$folder/slurmrestd.sock"
}

start_node() { # NAME
  is_running "slurmd-$1" && return
  need_port "$(sed -n "s/^NodeName=$1 .* Port=\([0-9]*\) .*/\1/p" "$STATE/etc/slurm.conf")"
  rm -f "$STATE/run/slurmd-$1.pid"
  mkdir -p "$STATE/spool/$1"
  cgroup_enter
  (become "$STATE/log/slurmd-$1.start.log" "${CGROUP_ENTER[@]}" slurmd -N "$1") || die "slurmd of $1 does not start, see $STATE/log"
}

start_nodes() {
  local name
  for name in $(node_names); do start_node "$name"; done
}

nodes_ready() {
  local total
  total=$(node_names | wc -l)
  [[ $(timeout 10 sinfo -h -N -o '%N %T' | sort -u | grep -cE ' (idle|mixed|allocated|completing)$') == "$total" ]]
}

# Jobs that run go on.
stop_slurmctld_and_nodes() {
  local name
  stop_process slurmctld 30
  for name in $(node_names); do stop_process "slurmd-$name" 5 & done
  wait
}

# Steps outlive their slurmd. A step overwrites its environment (with its title), but stays in our folder.
kill_leftovers() {
  local directory pid comm
  for directory in /proc/[0-9]*; do
    pid=${directory##*/}
    read -r comm 2>/dev/null <"$directory/comm" || continue
    if is_ours "$pid" || [[ $comm == slurmstepd && $(readlink "$directory/cwd") == "$STATE"/* ]]; then
      kill -KILL "$pid" 2>/dev/null
    fi
  done
  return 0
}
