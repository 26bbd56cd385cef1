# Logs the lines of a file with pygelf: `python-gelf.py udp|udp-plain|tcp|tls HOST PORT FILE [CA]`.
import logging
import sys

from pygelf import GelfTcpHandler, GelfTlsHandler, GelfUdpHandler

kind, host, port, path = sys.argv[1:5]
options = {"host": host, "port": int(port), "include_extra_fields": True, "_amt": "Ordnungsamt Süd"}
if kind == "tcp":
    handler = GelfTcpHandler(**options)
elif kind == "tls":
    handler = GelfTlsHandler(validate=True, ca_certs=sys.argv[5], **options)
else:
    handler = GelfUdpHandler(compress=kind == "udp", **options)
logger = logging.getLogger("fachverfahren")
logger.setLevel(logging.INFO)
logger.addHandler(handler)
with open(path, encoding="utf-8", newline="\n") as file:
    for line in file.read().removesuffix("\n").split("\n"):
        logger.warning(line, extra={"vorgang": "4711"})
handler.close()
