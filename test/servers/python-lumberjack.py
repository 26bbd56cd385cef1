# Sends the lines of a file with pylogbeat, in windows of some:
# `python-lumberjack.py HOST PORT FILE WINDOW TIMEOUT_SECONDS [CA CERTIFICATE KEY]`.
import sys

from pylogbeat import PyLogBeatClient

host, port, path, window, timeout = sys.argv[1:6]
tls = dict(zip(("ca_certs", "certfile", "keyfile"), sys.argv[6:]))
with open(path, encoding="utf-8", newline="\n") as file:
    lines = file.read().removesuffix("\n").split("\n")
documents = [
    {
        "@timestamp": "2026-11-21T04:38:16.000Z",
        "@metadata": {"beat": "pylogbeat", "version": "2.1.0"},
        "@version": "1",
        "ecs": {"version": "8.0.0"},
        "message": line,
    }
    for line in lines
]
client = PyLogBeatClient(host, int(port), timeout=float(timeout), ssl_enable=bool(tls), **tls)
client.connect()
for start in range(0, len(documents), int(window)):
    client.send(documents[start : start + int(window)])
client.close()
