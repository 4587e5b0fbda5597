# SPDX-License-Identifier: Apache-2.0
"""Durable pushes, beside the bare calls to the file system, into repositories of all sizes."""

import os
import pathlib
import time

from bench import Bench, HERE
from report import Row
from servers import link_packages, museum
from traffic import Figures, bare_writes, wrk

TITLE = "Pushes"
SETTLING = 1.5  # seconds; the statefile of a start without one would fall into the first measurement


class Pusher:
    """Pushes package after package out of one file, each once."""

    def __init__(self, push_file: pathlib.Path) -> None:
        self.push_file = push_file
        self.next = 0

    def push(self, server, connections: int, seconds: float) -> Figures:
        figures = wrk(server, "", connections, seconds, script=HERE / "push.lua",
                      environment={"PUSH_FILE": str(self.push_file), "PUSH_SKIP": str(self.next)})
        # Besides those counted: what was under way at the end, and the one that wrk throws away at the start.
        self.next += figures.count + 2 * connections + 2
        return figures


def run(bench: Bench) -> list[Row]:
    connections_tried = (1, 32) if bench.quick else (1, 8, 32)
    small = bench.data.sizes.small
    empty = bench.work / "push-empty"
    cases = {
        "an empty repository": (empty, bench.data.push_charts),
        f"{small:,} charts": (link_packages(bench.data.small_charts, bench.work / "push-charts"), bench.data.push_charts),
        f"one chart of {small:,} versions": (link_packages(bench.data.small_versions, bench.work / "push-versions"), bench.data.push_versions),
    }
    pushers = {case: Pusher(push_file) for case, (_, push_file) in cases.items()}
    bare: dict[int, list[Figures]] = {connections: [] for connections in connections_tried}
    ours: dict[tuple[str, int], list[Figures]] = {(case, n): [] for case in cases for n in connections_tried}
    for folder, _ in cases.values():
        if folder != empty:
            with museum(bench.binary, folder, bench.work):
                pass  # leaves a statefile; writing the first one would fall into the first measurement
    for number in range(bench.rounds):
        # Each number of connections is the first one after a start in its turn.
        first = number % len(connections_tried)
        order = connections_tried[first:] + connections_tried[:first]
        for connections in order:
            folder = bench.work / "bare"
            folder.mkdir()
            bare[connections].append(bare_writes(bench.programs, folder, connections, bench.seconds, size=380))
            bench.put_away(folder)
            os.sync()
        for case, (folder, _) in cases.items():
            if folder == empty:
                if empty.exists():
                    bench.put_away(empty)
                empty.mkdir()
            with museum(bench.binary, folder, bench.work) as server:
                time.sleep(SETTLING)
                for connections in order:
                    ours[case, connections].append(pushers[case].push(server, connections, bench.seconds))
    for folder, _ in cases.values():
        bench.put_away(folder)
    return _rows(bench, list(cases), bare, ours)


def _rows(bench: Bench, cases: list[str], bare, ours) -> list[Row]:
    rows = []
    empty_case = cases[0]
    for case in cases:
        for connections in bare:
            figures = ours[case, connections]
            beside = bare[connections] if case == empty_case else ours[empty_case, connections]
            rival = "bare calls" if case == empty_case else "empty"
            least = 0.5 if case == empty_case else 0.8
            title = f"into {case}, {connections} connection{'s' * (connections > 1)}"
            rows.append(bench.add(Row(f"{title}: pushes", "/s", [f.rate for f in figures], rival, [f.rate for f in beside],
                                      least_ratio=least, cpu_ours=[f.cpu for f in figures],
                                      cpu_theirs=[f.cpu for f in beside])))
            rows.append(bench.add(Row(f"{title}: p50", "ms", [f.p50 for f in figures], rival, [f.p50 for f in beside],
                                      lower_is_better=True)))
            rows.append(bench.add(Row(f"{title}: p99", "ms", [f.p99 for f in figures], "ten times the median",
                                      [10 * f.p50 for f in figures], lower_is_better=True, least_ratio=1)))
    return rows
