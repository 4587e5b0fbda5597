# SPDX-License-Identifier: Apache-2.0
"""How long the first index takes, and a start."""

import json
import pathlib
import subprocess
import time

from bench import Bench
from report import Row
from servers import link_packages, museum

TITLE = "First index and start"


def _gen_index(bench: Bench, folder: pathlib.Path) -> float:
    began = time.monotonic()
    subprocess.run([bench.binary, "--storage=local", f"--storage-local-rootdir={folder}", "--gen-index",
                    "--disable-statefiles"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def _limit(bench: Bench, folder: pathlib.Path) -> float:
    done = subprocess.run([bench.programs / "bench_limit", folder, "2"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["seconds"]


def _helm(helm: str, folder: pathlib.Path) -> float:
    began = time.monotonic()
    subprocess.run([helm, "repo", "index", str(folder)], check=True, capture_output=True)
    taken = time.monotonic() - began
    (folder / "index.yaml").unlink()
    return taken


def run(bench: Bench) -> list[Row]:
    return [*_first_index(bench), *_starts(bench)]


def _first_index(bench: Bench) -> list[Row]:
    rows = []
    for folder, what, slow_rival in ((bench.data.stable, "packages like the stable repository", True),
                                     (bench.data.small_charts, "small packages", False)):
        count = bench.count(folder)
        title = f"first index of {count:,} {what}"
        beside_limit = Row(title, "s", rival="limit", lower_is_better=True)
        beside_helm = Row(title, "s", rival="helm repo index", lower_is_better=True, least_ratio=10)
        if slow_rival:
            beside_limit.least_ratio = 1 / 1.7
        else:
            beside_limit.most = 3 * count / 100_000
        _limit(bench, folder)  # the packages are in the page cache from here on
        for number in range(bench.rounds):
            beside_limit.theirs.append(_limit(bench, folder))
            ours = _gen_index(bench, folder)
            beside_limit.ours.append(ours)
            # Helm takes minutes for many small ones; there one round has to do.
            if bench.helm and (slow_rival or (number == 0 and not bench.quick)):
                beside_helm.ours.append(ours)
                beside_helm.theirs.append(_helm(bench.helm, folder))
        rows.append(bench.add(beside_limit))
        if beside_helm.theirs:
            rows.append(bench.add(beside_helm))
        elif not bench.helm:
            rows.append(bench.add(Row(f"{title} beside helm repo index", "", note="Helm is not installed")))
    return rows


def _starts(bench: Bench) -> list[Row]:
    rows = []
    empty = bench.work / "nothing"
    empty.mkdir()
    cases = [(empty, "an empty folder"), (bench.data.stable, "the stable-like packages"),
             (bench.data.small_charts, f"{bench.data.sizes.small:,} charts"),
             (bench.data.small_versions, f"{bench.data.sizes.small:,} versions of one chart")]
    for source, what in cases:
        without = Row(f"start on {what}: until it listens, no statefile", "ms", most=50)
        answering = Row(f"start on {what}: until the index, statefile beside none", "s", rival="no statefile",
                        lower_is_better=True, least_ratio=4)
        with_one = Row(f"start on {what}: until it listens, with a statefile", "ms", most=50)
        folder = link_packages(source, bench.work / f"start-{source.name}")
        for _ in range(bench.rounds):
            (folder / "index-cache.yaml").unlink(missing_ok=True)
            with museum(bench.binary, folder, bench.work) as server:
                without.ours.append(server.listening_after * 1e3)
                answering.theirs.append(server.answering_after)
            # It wrote the statefile at the end.
            with museum(bench.binary, folder, bench.work) as server:
                with_one.ours.append(server.listening_after * 1e3)
                answering.ours.append(server.answering_after)
        if source is empty:
            rows.append(bench.add(without))
            continue
        if not (folder / "index-cache.yaml").exists():
            answering.note = "no statefile was written"
        rows += [bench.add(without), bench.add(with_one), bench.add(answering)]
        bench.put_away(folder)
    return rows
