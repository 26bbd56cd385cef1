#!/usr/bin/env bash
# Gives the path of a docker-compose program: the plugin of this machine, else one built from Go's module
# proxy into a folder (some minutes, once). It reads compose files without a Docker engine.
# Usage: docker-compose.sh DIR
set -euo pipefail
dir=${1:?usage: docker-compose.sh DIR}
version=v2.40.3
for folder in "${DOCKER_CONFIG:-$HOME/.docker}" /usr/local/lib/docker /usr/local/libexec/docker \
  /usr/lib/docker /usr/libexec/docker; do
  [ -x "$folder/cli-plugins/docker-compose" ] || continue
  echo "$folder/cli-plugins/docker-compose"
  exit
done
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
program=$dir/docker-compose-$version
# A second caller waits for the first.
exec 9>"$dir/docker-compose.lock"
flock 9
if [ ! -x "$program" ]; then
  go=go
  if ! command -v go >/dev/null; then
    toolchain=v0.0.1-go1.26.2.linux-amd64
    curl -fsSL --retry 5 -o "$dir/go.zip" "https://proxy.golang.org/golang.org/toolchain/@v/$toolchain.zip"
    (cd "$dir" && python3 -m zipfile -e go.zip go-compose)
    rm "$dir/go.zip"
    go=$dir/go-compose/golang.org/toolchain@$toolchain/bin/go
    chmod -R u+x "$(dirname "$go")" "$(dirname "$go")/../pkg/tool"
  fi
  export GOFLAGS=-modcacherw CGO_ENABLED=0
  # Its go.mod leaves out versions of others, which "go install" doesn't take: built in its own folder.
  for try in 1 2 3 4 5; do
    source=$("$go" mod download -json "github.com/docker/compose/v2@$version" |
      sed -n 's/.*"Dir": "\(.*\)".*/\1/p') && [ -n "$source" ] && break
    sleep $((try * 3))
  done
  (cd "$source" && "$go" build -mod=readonly -trimpath -o "$program.new" ./cmd) >&2
  mv "$program.new" "$program"
fi
echo "$program"
