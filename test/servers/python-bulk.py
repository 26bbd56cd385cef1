# Sends the lines of a file with a bulk helper of the official Python client, as documents with ids of
# their own: `python-bulk.py URL ID KEY FILE bulk|streaming_bulk`. Prints how many were acknowledged.
import sys

from elasticsearch import Elasticsearch, helpers

url, key_id, key, path, helper = sys.argv[1:]
client = Elasticsearch(url, api_key=(key_id, key), http_compress=True)
with open(path, encoding="utf-8", newline="\n") as file:
    lines = file.read().removesuffix("\n").split("\n")
actions = (
    {
        "_op_type": "create",
        "_index": "logs",
        "_id": f"py-{number}",
        "@timestamp": "2026-11-21T04:38:16Z",
        "message": line,
    }
    for number, line in enumerate(lines)
)
options = {"chunk_size": 250, "max_retries": 100, "initial_backoff": 0.1, "max_backoff": 0.5}
if helper == "bulk":
    done, failed = helpers.bulk(client, actions, stats_only=True, **options)
    assert failed == 0, failed
else:
    done = sum(1 for ok, _ in helpers.streaming_bulk(client, actions, **options) if ok)
print(done)
