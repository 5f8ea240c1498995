# shellcheck shell=bash
# The Debian packages.

PACKAGES=(slurmctld slurmd slurmdbd slurm-client slurmrestd munge mariadb-server)
COMMANDS=(slurmctld slurmd slurmdbd sbatch slurmrestd munged mariadbd mariadb-install-db)

packages_missing() { ! command -v "${COMMANDS[@]}" >/dev/null || (($(command -v "${COMMANDS[@]}" | wc -l) < ${#COMMANDS[@]})); }

install_packages() {
  local log=$STATE/log/packages.log
  command -v apt-get >/dev/null || die "needs Debian or Ubuntu (apt-get) or these installed: ${PACKAGES[*]}"
  say "installing ${PACKAGES[*]}"
  # In a subshell: one installation at a time on this machine, and a guard that is taken away again.
  (
    exec 8>/run/lock/afterok-cluster-packages && flock -w 600 8 || exit 1
    packages_missing || exit 0
    # policy-rc.d answers 101: "do not start the services". One that stands there comes back after.
    guard=/usr/sbin/policy-rc.d
    trap 'rm -f "$guard"; [[ ! -e $guard.saved ]] || mv "$guard.saved" "$guard"' EXIT
    [[ ! -e $guard ]] || mv "$guard" "$guard.saved"
    printf '#!/bin/sh\nexit 101\n' >"$guard" && chmod 755 "$guard"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update && apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "${PACKAGES[@]}"
  ) </dev/null >"$log" 2>&1 || die "packages do not install, see $log"
  packages_missing && die "packages do not install, see $log"
  return 0
}
