# Logs the lines of a file with splunk-handler: `python-splunk.py HOST PORT TOKEN FILE`.
import logging
import sys

from splunk_handler import SplunkHandler

host, port, token, path = sys.argv[1:]
handler = SplunkHandler(
    host=host,
    port=port,
    token=token,
    index="main",
    hostname="app01",
    source="fachverfahren",
    sourcetype="text",
    protocol="http",
    verify=False,
    flush_interval=0.2,
    queue_size=0,
    retry_count=100,
    retry_backoff=0.1,
)
logger = logging.getLogger("fachverfahren")
logger.setLevel(logging.INFO)
logger.addHandler(handler)
with open(path, encoding="utf-8", newline="\n") as file:
    for line in file.read().removesuffix("\n").split("\n"):
        logger.warning(line)
logging.shutdown()
