# Starts, watches and stops the cluster's components, each a process in a cgroup of its own name.
# shellcheck shell=bash

component_cgroup() { echo "$(tracking_cgroup)/$1"; }

# A pid file alone proves nothing: after a crash its number may be another process's, whose cgroup is not the component's.
is_running() {
  local pid
  pid=$(cat "$RUN/$1.pid" 2> /dev/null) || return 1
  grep -qsx "$pid" "$(component_cgroup "$1")/cgroup.procs"
}

# start NAME COMMAND...: does nothing when NAME already runs.
start() {
  local name=$1 cgroup
  shift
  if is_running "$name"; then return; fi
  cgroup=$(component_cgroup "$name")
  mkdir -p "$cgroup"
  kill_leftovers "$cgroup"
  (
    echo "$BASHPID" > "$cgroup/cgroup.procs"
    close_inherited # no lock, of `up` or of who called it, may outlive them
    exec setsid "$@"
  ) > "$LOGS/$name.log" 2>&1 < /dev/null &
  echo $! > "$RUN/$name.pid"
  # From both sides: the child before it forks, and here before the next look at it.
  { echo $! > "$cgroup/cgroup.procs"; } 2> /dev/null || true
}

# Bash's own are closed by exec.
close_inherited() {
  local file
  for file in /proc/"$BASHPID"/fd/*; do
    file=${file##*/}
    if ((file > 2 && file != 255)); then exec {file}>&-; fi
  done
}

# What a killed component left behind, such as forked children; the shims of containerd stay, for with them the pods live on.
kill_leftovers() {
  local pid
  while read -r pid; do
    [[ $(cat "/proc/$pid/comm" 2> /dev/null) == containerd-shim* ]] || kill -KILL "$pid" 2> /dev/null || true
  done < "$1/cgroup.procs"
}

start_inside() {
  local name=$1
  shift
  start "$name" nsenter --net="/run/netns/$CLUSTER_NETNS" "$@"
}

# Sends TERM to the component, waits, then KILL; a process that is not the component is left alone.
stop() {
  local name=$1 pid attempt
  if is_running "$name"; then
    pid=$(cat "$RUN/$name.pid")
    kill -TERM "$pid" 2> /dev/null || true
    for ((attempt = 0; attempt < 50; attempt++)); do
      is_running "$name" || break
      sleep 0.1
    done
    if is_running "$name"; then kill -KILL "$pid" 2> /dev/null || true; fi
  fi
  rm -f "$RUN/$name.pid"
}

fail_with_log() {
  local name=$1
  shift
  say "error: $*"
  say "the last lines of $LOGS/$name.log:"
  tail -n 20 "$LOGS/$name.log" >&2 || true
  exit 1
}

require_running() {
  is_running "$1" || fail_with_log "$1" "$1 ended unexpectedly"
}

# await_component NAME SECONDS COMMAND...: waits until COMMAND succeeds; fails at once when NAME ends.
await_component() {
  local name=$1 deadline=$((SECONDS + $2))
  shift 2
  until "$@" > "$LOGS/await-$name.log" 2>&1; do
    require_running "$name"
    if ((SECONDS >= deadline)); then
      cat "$LOGS/await-$name.log" >&2
      fail_with_log "$name" "$name is not ready: '$*' still fails"
    fi
    sleep 0.1
  done
}
