#!/usr/bin/env bash
# Puts the native TensorFlow backend beside the product, for `anomaly.backend: tensorflow`. The package's own
# installation fetches the library from a host that a closed network does not have; the wheel of
# tensorflow-cpu on PyPI holds the same one, so only npm's and PyPI's registries (or mirrors) are asked.
#
#   services/models/provision-tfjs-node.sh [FOLDER] [WHEEL]
#
# FOLDER has the node_modules to put it in (default: where this product lies); WHEEL is the file of
# tensorflow-cpu 2.15.1, fetched where none is given. Needs npm, unzip, g++, the headers of Node's
# N-API (NODE_INCLUDE, default /usr/include/node) and, without WHEEL, pip. About 1 GB is needed meanwhile.
# `npm ci` takes it away again.
set -euo pipefail
folder=$(cd "${1:-$(dirname "$0")/../..}" && pwd)
wheel=${2:-}
headers=${NODE_INCLUDE:-/usr/include/node}
package="$folder/node_modules/@tensorflow/tfjs-node"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for tool in npm unzip g++; do
  command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 1; }
done
[ -f "$headers/node_api.h" ] || { echo "no node_api.h in $headers: set NODE_INCLUDE" >&2; exit 1; }

if [ -z "$wheel" ]; then
  python3 -m pip download --quiet --no-deps --only-binary=:all: --python-version 3.11 \
    --platform manylinux2014_x86_64 --dest "$scratch" tensorflow-cpu==2.15.1
  wheel=$(ls "$scratch"/tensorflow_cpu-*.whl)
fi
# Without its script, which would fetch; without a trace in package.json, because it is no dependency.
[ -d "$package/binding" ] ||
  npm install --prefix "$folder" --no-save --ignore-scripts --no-audit --no-fund @tensorflow/tfjs-node@4.22.0

inside=tensorflow
unzip -q "$wheel" "$inside/libtensorflow_cc.so.2" "$inside/libtensorflow_framework.so.2" \
  "$inside/include/tensorflow/*" "$inside/include/tsl/*" -d "$scratch"
libraries="$package/deps/lib"
mkdir -p "$libraries" "$package/lib/napi-v8"
mv -f "$scratch/$inside"/libtensorflow_*.so.2 "$libraries/"
# Under these names the loader of the package looks for them.
ln -sf libtensorflow_cc.so.2 "$libraries/libtensorflow.so"
ln -sf libtensorflow_framework.so.2 "$libraries/libtensorflow_framework.so"
g++ -std=c++17 -O2 -fPIC -shared -DNAPI_VERSION=8 -DBUILDING_NODE_EXTENSION \
  -I"$headers" -I"$package" -I"$scratch/$inside/include" "$package"/binding/*.cc \
  -L"$libraries" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,'$ORIGIN/../../deps/lib' \
  -o "$package/lib/napi-v8/tfjs_binding.node"
echo "ready: anomaly.backend may be tensorflow"
