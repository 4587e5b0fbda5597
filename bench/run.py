# SPDX-License-Identifier: Apache-2.0
"""Measures the server beside nginx, Helm and the bare calls, in turns within one run."""

import argparse
import os
import pathlib
import platform
import shutil
import signal
import sys
import tempfile
import time

import data
import group_access
import group_cloud
import group_get
import group_index
import group_memory
import group_mixed
import group_push
from bench import HERE, Bench
from picture import svg
from report import HEADER, Group, markdown, put_between_markers

# Memory last: it deletes, see Bench.put_away.
GROUPS = {"index": group_index, "push": group_push, "get": group_get, "access": group_access, "mixed": group_mixed, "cloud": group_cloud,
          "memory": group_memory}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the data and short rounds; only prints")
    parser.add_argument("--only", choices=GROUPS, action="append", help="one group; may be repeated")
    parser.add_argument("--rounds", type=int, help="how often everything is measured (5; quick 2)")
    parser.add_argument("--seconds", type=float, help="of one measurement (3; quick 1)")
    parser.add_argument("--churn-minutes", type=float, help="how long to push, delete and download (1; quick 0.1)")
    writing = parser.add_mutually_exclusive_group()
    writing.add_argument("--write", action="store_true", help="write docs/benchmarks.md even after --quick")
    writing.add_argument("--no-write", action="store_true", help="only print")
    return parser.parse_args()


def machine() -> str:
    model = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return f"{os.cpu_count()} processors ({model}), {memory:.0f} GiB, Linux {platform.release()}"


def main() -> None:
    options = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that servers are stopped and folders removed
    source = HERE.parent
    folder = source / "build" / "bench-data"
    folder.mkdir(parents=True, exist_ok=True)
    packages = data.Data(folder, data.QUICK if options.quick else data.FULL)
    packages.make()
    work = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=folder))
    bench = Bench(binary=os.environ["CHARTMUSEUM_BINARY"], programs=pathlib.Path(os.environ["BENCH_PROGRAMS"]),
                  helm=os.environ.get("HELM4"), data=packages, work=work, quick=options.quick,
                  rounds=options.rounds or (2 if options.quick else 5),
                  seconds=options.seconds or (1 if options.quick else 3),
                  churn_minutes=options.churn_minutes or (0.1 if options.quick else 1))
    results = folder / ("results-quick" if options.quick else "results")
    try:
        for name in options.only or GROUPS:
            group = GROUPS[name]
            print(f"\n## {group.TITLE}\n\n{HEADER}", flush=True)
            Group(name, group.TITLE, time.strftime("%Y-%m-%d"), bench.rounds, group.run(bench)).save(results)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.no_write or (options.quick and not options.write):
        return
    # Groups that were not run this time stand there as they were when they were.
    groups = [group for name in GROUPS if (group := Group.load(results, name))]
    put_between_markers(source / "docs" / "benchmarks.md", markdown(groups, machine()))
    (source / "docs" / "benchmarks.svg").write_text(svg(groups))


if __name__ == "__main__":
    main()
