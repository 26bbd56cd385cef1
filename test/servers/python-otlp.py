# Sends the lines of a file as log records with the exporter of the OpenTelemetry SDK:
# `python-otlp.py URL AUTHORIZATION FILE none|gzip|deflate`. Levels come round.
import logging
import sys

from opentelemetry._logs import set_logger_provider
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

url, authorization, path, compression = sys.argv[1:]
with open(path, encoding="utf-8", newline="\n") as file:
    lines = file.read().removesuffix("\n").split("\n")
resource = Resource.create({"service.name": "fachverfahren", "host.name": "app01"})
provider = LoggerProvider(resource=resource)
set_logger_provider(provider)
exporter = OTLPLogExporter(
    endpoint=f"{url}/v1/logs",
    headers={"Authorization": authorization},
    compression=Compression(compression),
)
# The processor throws away what its queue can't hold.
provider.add_log_record_processor(
    BatchLogRecordProcessor(exporter, max_queue_size=len(lines) + 1, max_export_batch_size=400)
)
logger = logging.getLogger("anmeldung")
logger.setLevel(logging.INFO)
logger.propagate = False
logger.addHandler(LoggingHandler(logger_provider=provider))
for number, line in enumerate(lines):
    level = (logging.INFO, logging.WARNING, logging.ERROR)[number % 3]
    logger.log(level, line, extra={"user.id": "1001", "antrag": number})
provider.shutdown()
