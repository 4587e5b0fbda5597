# SPDX-License-Identifier: Apache-2.0
"""What is measured with: repositories of packages, made once out of fixed seeds and kept in build/bench-data."""

import dataclasses
import json
import math
import multiprocessing
import pathlib
import random
import shutil
import sys

from chart_text import WORDS, Writer
from packages import package, small_package, write_push_file

# What the official stable repository had when it was closed; made here at `scale`.
STABLE_PACKAGES = 11_656
STABLE_VALUES_FILES = 17_549  # in packages and in their subcharts
STABLE_VALUES_BYTES = 147_000_000
STABLE_CHARTS = 281

FORMAT = 1  # of what is in the folder; another number makes everything anew


@dataclasses.dataclass(frozen=True)
class Sizes:
    stable: int = STABLE_PACKAGES
    small: int = 100_000
    pushes: int = 120_000

    @property
    def name(self) -> str:
        return f"{self.stable}-{self.small}-{self.pushes}-{FORMAT}"


FULL = Sizes()
QUICK = Sizes(stable=1_200, small=10_000, pushes=30_000)


@dataclasses.dataclass(frozen=True)
class ChartPlan:
    number: int
    subcharts: tuple[int, ...]  # of each version
    values_size: int  # of each values.yaml


class Data:
    """Folders of packages and files of packages to push. Nobody writes to them: see Storage in servers.py."""

    def __init__(self, folder: pathlib.Path, sizes: Sizes) -> None:
        self.sizes = sizes
        self.folder = folder / sizes.name
        self.stable = self.folder / "stable"
        self.small_charts = self.folder / "small-charts"
        self.small_versions = self.folder / "small-versions"
        self.push_charts = self.folder / "push-charts.bin"
        self.push_versions = self.folder / "push-versions.bin"

    def make(self) -> None:
        made = self.folder / "made.json"
        if made.exists():
            return
        print(f"bench: making packages in {self.folder} (once)", file=sys.stderr, flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        for folder in (self.stable, self.small_charts, self.small_versions):
            folder.mkdir(parents=True)
        self._make_stable()
        jobs = [(self.small_charts, "charts", first, min(first + 5000, self.sizes.small))
                for first in range(0, self.sizes.small, 5000)]
        jobs += [(self.small_versions, "versions", first, last) for _, _, first, last in jobs]
        with multiprocessing.Pool() as pool:
            pool.starmap(_make_small, jobs)
        write_push_file(self.push_charts, ((f"pushed-{i}/1.0.0", small_package(f"pushed-{i}", "1.0.0"))
                                           for i in range(self.sizes.pushes)))
        # The names of pushed packages begin with "pushed" or have the major version 2: servers.py removes them.
        write_push_file(self.push_versions, ((f"only/2.{i}.0", small_package("only", f"2.{i}.0"))
                                             for i in range(self.sizes.pushes)))
        made.write_text(json.dumps(dataclasses.asdict(self.sizes)))

    def _make_stable(self) -> None:
        plans = stable_plan(self.sizes.stable)
        with multiprocessing.Pool() as pool:
            pool.starmap(_make_chart, [(self.stable, plan) for plan in plans], chunksize=4)


def stable_plan(packages: int) -> list[ChartPlan]:
    """Charts of very different sizes and numbers of versions, as there; sums as there."""
    generator = random.Random(20_201_113)
    charts = max(10, round(STABLE_CHARTS * packages / STABLE_PACKAGES))
    versions = _shares([generator.lognormvariate(0, 1) for _ in range(charts)], packages)
    kinds = generator.choices((0, 1, 2, 3, 5, 11), (80, 9, 5, 2, 2, 2), k=charts)
    subcharts = [kind for kind, count in zip(kinds, versions) for _ in range(count)]
    wanted = round((STABLE_VALUES_FILES - STABLE_PACKAGES) * packages / STABLE_PACKAGES)
    while sum(subcharts) != wanted:
        step = 1 if sum(subcharts) < wanted else -1
        for i in generator.sample(range(packages), min(packages, abs(sum(subcharts) - wanted))):
            subcharts[i] = max(0, subcharts[i] + step)
    weights = [generator.lognormvariate(0, 0.9) for _ in range(charts)]
    plans, first = [], 0
    of_chart = []
    for count in versions:
        of_chart.append(tuple(subcharts[first:first + count]))
        first += count
    files = sum(weight * (len(counts) + sum(counts)) for weight, counts in zip(weights, of_chart))
    unit = STABLE_VALUES_BYTES * packages / STABLE_PACKAGES / files
    for number, (weight, counts) in enumerate(zip(weights, of_chart)):
        plans.append(ChartPlan(number, counts, round(weight * unit)))
    return plans


def _shares(weights: list[float], total: int) -> list[int]:
    counts = [max(1, math.floor(weight * total / sum(weights))) for weight in weights]
    counts[counts.index(max(counts))] += total - sum(counts)
    return counts


def _make_chart(folder: pathlib.Path, plan: ChartPlan) -> None:
    generator = random.Random(plan.number)
    name = f"{generator.choice(WORDS)}-{generator.choice(WORDS)}-{plan.number}"
    writer = Writer(name, generator)
    metadata, values = writer.metadata(), writer.values(plan.values_size)
    # What else is in a package: about eight times as many bytes as its values.yaml, a third of it prose.
    templates = [(f"templates/{generator.choice(WORDS)}-{i}.yaml", writer.template(generator.randrange(500, 5000)))
                 for i in range(generator.randrange(14, 42))]
    readme = writer.readme(round(1.65 * plan.values_size))
    helpers = writer.template(1500)
    subcharts = []
    for i in range(max(plan.subcharts, default=0)):
        inner = Writer(f"{generator.choice(WORDS)}-{i}", generator)
        subcharts.append([(f"charts/{inner.name}/Chart.yaml", inner.metadata() + "version: 1.0.0\n"),
                          (f"charts/{inner.name}/values.yaml", inner.values(plan.values_size)),
                          *((f"charts/{inner.name}/templates/{j}.yaml", inner.template(2000)) for j in range(6)),
                          (f"charts/{inner.name}/README.md", inner.readme(plan.values_size))])
    for number, count in enumerate(plan.subcharts):
        version = f"{number // 100}.{number // 10 % 10}.{number % 10}"
        tag = f"{number // 50}.{number % 50}.{generator.randrange(10)}"
        texts = [("Chart.yaml", f"{metadata}version: {version}\n"), ("values.yaml", values), *templates,
                 ("templates/_helpers.tpl", helpers), ("README.md", readme), (".helmignore", ".git\n*.swp\n"),
                 *(file for subchart in subcharts[:count] for file in subchart)]
        files = [(f"{name}/{path}", text.replace("@TAG@", tag).encode()) for path, text in texts]
        (folder / f"{name}-{version}.tgz").write_bytes(package(files))


def _make_small(folder: pathlib.Path, kind: str, first: int, last: int) -> None:
    for i in range(first, last):
        name, version = (f"chart-{i}", "1.0.0") if kind == "charts" else ("only", f"1.{i}.0")
        (folder / f"{name}-{version}.tgz").write_bytes(small_package(name, version))
