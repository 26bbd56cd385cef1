"""Loads a folder of rules with pySigma and prints one line of JSON with what that took.

pySigma has no matcher: it translates rules for other systems. So only reading the rules can be compared,
which includes parsing every condition.
"""

import json
import re
import sys
import time
from pathlib import Path

from sigma.collection import SigmaCollection

KIB_PER_MIB = 1024


def peak_mib() -> float:
    """Not `ru_maxrss`: that starts with the memory of the process that started this one."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / KIB_PER_MIB


def main(folder: str) -> None:
    start = time.process_time()
    collection = SigmaCollection.load_ruleset([Path(folder)], collect_errors=True)
    rejected = 0
    for rule in collection.rules:
        if rule.errors:
            rejected += 1
            continue
        try:
            for condition in rule.detection.parsed_condition:
                condition.parsed
        except Exception:  # Whatever a condition raises, its rule can't be used.
            rejected += 1
    report = {
        "rules": len(collection.rules),
        "rejected": rejected,
        "load_cpu_s": time.process_time() - start,
        "peak_mib": peak_mib(),
    }
    print(json.dumps(report))


main(sys.argv[1])
