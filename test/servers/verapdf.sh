#!/usr/bin/env bash
# veraPDF, which checks files against PDF/A and PDF/UA (GPL-3.0 or MPL-2.0), one jar from Maven Central.
# Needs Java 17 and, to fetch, Maven.
#   verapdf.sh fetch DIR               only fetches the jar (9 MB) and checks its sum
#   verapdf.sh check DIR FLAVOUR FILE… fetches where needed; FLAVOUR is 3a, ua1 …; prints a report per file,
#                                      ends with 1 when a rule is broken
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
verb=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
# shellcheck source=server-process.sh
. "$here/server-process.sh"
version=1.28.2
sum=687d4d8bcfec48c9f7e931cf78ed061f1eeccfba55d4cdc000ba9b4d8aa46ce6
jar=$dir/greenfield-apps-$version.jar

fetch() {
  [ -f "$jar" ] && return
  needs mvn
  # A second caller waits for the first.
  exec 9>"$dir/lock"
  flock 9
  if [ ! -f "$jar" ]; then
    repeated mvn -q -B dependency:copy -Dartifact="org.verapdf.apps:greenfield-apps:$version" \
      -DoutputDirectory="$dir/new" >&2
    echo "$sum  $dir/new/$(basename "$jar")" | sha256sum --check --quiet >&2
    mv "$dir/new/$(basename "$jar")" "$jar"
  fi
  exec 9>&-
}

case $verb in
  fetch) fetch ;;
  check)
    fetch
    needs java
    flavour=$3
    shift 3
    # One line "PASS FILE FLAVOUR" for every file that breaks no rule.
    report=$(java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$jar" \
      org.verapdf.apps.GreenfieldCliWrapper --flavour "$flavour" --format text --verbose "$@") || true
    echo "$report"
    [ "$(grep -c '^PASS ' <<<"$report")" = $# ]
    ;;
  *)
    sed -n '2,7p' "$0" >&2
    exit 2
    ;;
esac
