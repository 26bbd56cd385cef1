# shellcheck shell=bash
# What kafka.sh and elasticsearch.sh share: fetching with repetition, free ports, and ending a server with
# all its processes. Sourced by them; $dir is the server's folder, $marks the arguments that only its processes have.

# The server's processes, told by their command lines: an id of a dead one may have gone to a stranger.
processes() {
  local one pid
  for one in /proc/[0-9]*/cmdline; do
    pid=${one//[^0-9]/}
    [ "$(basename "$(readlink "/proc/$pid/exe" 2>/dev/null)" 2>/dev/null)" = java ] || continue
    tr '\0' '\n' <"$one" 2>/dev/null | grep -qxF "${marks[@]/#/-e}" && echo "$pid"
  done
  return 0
}

# end TERM|KILL: what a TERM has not ended within 30 seconds is killed.
end() {
  local pids try
  pids=$(processes)
  if [ "$1" != KILL ]; then
    # shellcheck disable=SC2086 # a list of ids
    [ -z "$pids" ] || kill -TERM $pids 2>/dev/null || true
    for try in $(seq 1 300); do
      [ -z "$(processes)" ] && break
      sleep 0.1
    done
  fi
  for try in $(seq 1 100); do
    pids=$(processes)
    [ -z "$pids" ] && break
    # shellcheck disable=SC2086
    kill -KILL $pids 2>/dev/null || true
    sleep 0.1
  done
  rm -f "$dir/pid"
}

taken() { # taken PORT: whether something listens there
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# still_taken PORT: the same, after what was killed had time to let go of it: a process has lost its
# arguments, by which it is found, some time before its sockets are closed.
still_taken() {
  local try
  for try in $(seq 1 100); do
    taken "$1" || return 1
    sleep 0.1
  done
}

# free_port PORT DISTANCE: the first from PORT on that is free together with the one at the distance.
free_port() {
  local port=$1
  while taken "$port" || taken $((port + $2)); do port=$((port + 2 + RANDOM % 40)); done
  echo "$port"
}

needs() { # needs PROGRAM…
  local one
  for one in "$@"; do
    command -v "$one" >/dev/null && continue
    echo "$one is missing: apt-get install default-jdk-headless maven curl" >&2
    exit 1
  done
}

# repeated COMMAND…: registries answer with errors now and then.
repeated() {
  local try
  for try in 1 2 3 4 5; do
    "$@" && return
    [ "$try" = 5 ] || sleep $((try * 3))
  done
  return 1
}

# started PID SECONDS COMMAND…: waits until the command succeeds; fails at once when the server has ended.
started() {
  local pid=$1 tries=$(($2 * 10))
  shift 2
  for _ in $(seq 1 "$tries"); do
    "$@" >/dev/null 2>&1 && return
    kill -0 "$pid" 2>/dev/null || return 1
    sleep 0.1
  done
  return 1
}
