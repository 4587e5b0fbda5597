# SPDX-License-Identifier: Apache-2.0
"""Readers and writers at once: whether the ones make the others wait."""

from bench import Bench
from report import Row
from servers import fetch, link_packages, museum, nginx
from traffic import Figures, Kind, mixed

TITLE = "Reads and pushes at once"
CONNECTIONS = 32


def run(bench: Bench) -> list[Row]:
    storage = link_packages(bench.data.stable, bench.work / "mixed")
    package = min(storage.iterdir(), key=lambda path: abs(path.stat().st_size - 11_700)).name
    read_package, read_index = f"/charts/{package}", "/index.yaml"
    push = Kind("push", 1, "PUSH", "/api/charts")
    root = bench.work / "mixed-root"
    root.mkdir()
    (root / "charts").symlink_to(storage)
    rows = []
    mixes = [[Kind("index", 10, "GET", read_index)], [Kind("package", 100, "GET", read_package), Kind("index", 10, "GET", read_index)]]
    for reads in mixes:
        for rate in (0.0,) if bench.quick else (0.0, 0.5):
            rows += _measure(bench, storage, root, reads, push, rate)
    bench.put_away(storage)
    bench.put_away(root)
    return rows


def _measure(bench: Bench, storage, root, reads: list[Kind], push: Kind, share: float) -> list[Row]:
    """`share` 0: as fast as it goes. Else both servers get that share of what ours can do, evenly over time, which
    shows latencies without the queue that a saturated machine always has."""
    title = " : ".join(f"{kind.weight} {kind.name} reads" for kind in reads) + " : 1 push"
    title += f", {share:.0%} load" if share else ", all it can"
    kinds = [*reads, push]
    ours: list[dict[str, Figures]] = []
    theirs: list[dict[str, Figures]] = []
    for _ in range(bench.rounds):
        with museum(bench.binary, storage, bench.work) as server:
            (root / "index.yaml").write_bytes(fetch(f"{server.url}/index.yaml")[0])
            rate = 0.0
            if share:
                short = mixed(bench.programs, server, kinds, CONNECTIONS, 1, push_file=bench.data.push_versions)
                rate = short["all"].rate * share
            ours.append(mixed(bench.programs, server, kinds, CONNECTIONS, bench.seconds, rate, bench.data.push_charts))
        bench.put_away(storage)  # with what was pushed, which would conflict the next time
        link_packages(bench.data.stable, storage)
        with nginx(root, bench.work) as rival:
            if rival:
                weights = sum(kind.weight for kind in reads)
                theirs.append(mixed(bench.programs, rival, reads, CONNECTIONS, bench.seconds, rate * weights / (weights + 1)))
    rows = []
    if not share:
        rows.append(Row(f"{title}: requests", "/s", [f["all"].rate for f in ours], "nginx, reads alone" if theirs else "",
                        [f["all"].rate for f in theirs], cpu_ours=[f["all"].cpu for f in ours],
                        cpu_theirs=[f["all"].cpu for f in theirs]))
    for kind in kinds:
        for quantile in ("p50", "p99"):
            beside = [getattr(f[kind.name], quantile) for f in theirs] if kind in reads else []
            rows.append(Row(f"{title}: {kind.name}, {quantile}", "ms", [getattr(f[kind.name], quantile) for f in ours],
                            "nginx, reads alone" if beside else "", beside, lower_is_better=True,
                            least_ratio=1 / 3 if beside and kind.name == "package" and quantile == "p99" else None))
    return [bench.add(row) for row in rows]
