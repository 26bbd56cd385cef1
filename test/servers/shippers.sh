#!/usr/bin/env bash
# Fetches real log shippers into a folder, without installing anything on the machine: rsyslog with its
# modules, syslog-ng, logger and systemd's journal programs from Debian's packages, client libraries from
# PyPI and Go's module proxy.
# Usage: shippers.sh DIR. What is there already is kept. Go itself is fetched where it is missing.
set -euo pipefail
dir=${1:?usage: shippers.sh DIR}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$dir"
dir=$(cd "$dir" && pwd)
# Two runs at a time would unpack over each other.
exec 9>"$dir/lock"
flock 9

debian() {
  local packages="rsyslog rsyslog-elasticsearch rsyslog-relp rsyslog-gnutls rsyslog-kafka libestr0
    libfastjson4 liblognorm5 librelp0 syslog-ng-core syslog-ng-mod-rdkafka librdkafka1 libivykis0 libnet1
    libpcre3 libwrap0 bsdutils systemd systemd-journal-remote libsystemd-shared libmicrohttpd12"
  [ "$(cat "$dir/debian/done" 2>/dev/null)" = "$packages" ] && return
  rm -rf "$dir/debs" "$dir/debian" && mkdir -p "$dir/debs" "$dir/debian"
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of names
  (cd "$dir/debs" && apt-get download -qq -o APT::Sandbox::User=root $packages)
  # rsyslog and syslog-ng can't be installed side by side; unpacked they can run side by side.
  for package in "$dir"/debs/*.deb; do dpkg-deb -x "$package" "$dir/debian"; done
  # Libraries that the machine may lack beside those above.
  for name in libcurl4 libgnutls30 libglib2.0-0 libssl3 libsystemd0 libuuid1 libestr0 libcap2 \
    libsasl2-2 liblz4-1; do
    ldconfig -p | grep -q "$(soname "$name")" && continue
    (cd "$dir/debs" && apt-get download -qq "$name" 2>/dev/null) || true
    for package in "$dir/debs/$name"_*.deb; do [ -f "$package" ] && dpkg-deb -x "$package" "$dir/debian"; done
  done
  echo "$packages" >"$dir/debian/done"
}

soname() { # soname <package>: the library that the package brings
  case $1 in
    libcurl4) echo libcurl.so.4 ;; libgnutls30) echo libgnutls.so.30 ;;
    libglib2.0-0) echo libglib-2.0.so.0 ;; libssl3) echo libssl.so.3 ;;
    libsystemd0) echo libsystemd.so.0 ;; libuuid1) echo libuuid.so.1 ;;
    libcap2) echo libcap.so.2 ;; libsasl2-2) echo libsasl2.so.2 ;; liblz4-1) echo liblz4.so.1 ;; *) echo "${1%0}.so" ;;
  esac
}

python() {
  [ -f "$dir/python/done" ] && return
  rm -rf "$dir/python"
  python3 -m pip install --quiet --no-input --disable-pip-version-check --root-user-action=ignore \
    --target "$dir/python" "elasticsearch==8.19.2" "pylogbeat==2.1.0" "pygelf==0.4.3" \
    "splunk-handler==3.0.0" "opentelemetry-sdk==1.45.2" "opentelemetry-exporter-otlp-proto-http==1.45.2"
  touch "$dir/python/done"
}

go_clients() {
  local go=go client sources
  sources=$(cat "$here"/go-*/main.go "$here"/go-*/go.sum | sha256sum)
  [ "$(cat "$dir/go-done" 2>/dev/null)" = "$sources" ] && return
  if ! command -v go >/dev/null; then
    # The toolchain is a module like any other.
    local version=v0.0.1-go1.26.2.linux-amd64
    curl -fsSL -o "$dir/go.zip" \
      "https://proxy.golang.org/golang.org/toolchain/@v/$version.zip"
    (cd "$dir" && python3 -m zipfile -e go.zip go-toolchain)
    go="$dir/go-toolchain/golang.org/toolchain@$version/bin/go"
    chmod -R u+x "$(dirname "$go")" "$(dirname "$go")/../pkg/tool"
  fi
  for client in go-bulk go-lumberjack; do
    (cd "$here/$client" && GOFLAGS=-mod=mod CGO_ENABLED=0 "$go" build -o "$dir/$client" .)
  done
  echo "$sources" >"$dir/go-done"
}

debian
python
go_clients
