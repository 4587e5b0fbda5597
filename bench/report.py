# SPDX-License-Identifier: Apache-2.0
"""What was measured, as rows of a Markdown table; and the generated part of docs/benchmarks.md."""

import dataclasses
import json
import pathlib
import re
import statistics

BEGIN, END = "<!-- begin: written by script/bench -->", "<!-- end -->"
HEADER = ("| measured | ours | beside it | ratio | target | CPU per request, ours / theirs |\n"
          "| --- | ---: | ---: | ---: | --- | ---: |")


@dataclasses.dataclass
class Row:
    """One thing measured in several rounds; the figures at the same place of the lists are of the same round."""

    what: str
    unit: str
    ours: list[float] = dataclasses.field(default_factory=list)
    rival: str = ""
    theirs: list[float] = dataclasses.field(default_factory=list)
    lower_is_better: bool = False
    least_ratio: float | None = None  # the target, if it is one of the ratio
    most: float | None = None  # the target, if it is one of our figure
    cpu_ours: list[float] = dataclasses.field(default_factory=list)  # microseconds
    cpu_theirs: list[float] = dataclasses.field(default_factory=list)
    note: str = ""  # instead of figures, why there are none; else what to know about them

    def ratios(self) -> list[float]:
        """How many times as good as the rival we were, round by round: above 1 is better."""
        pairs = [(a, b) for a, b in zip(self.ours, self.theirs) if a > 0 and b > 0]
        return [b / a if self.lower_is_better else a / b for a, b in pairs]

    def missed(self) -> str:
        """By how much the target is missed; empty if it is met or there is none."""
        if self.least_ratio is not None and self.ratios():
            ratio = statistics.median(self.ratios())
            if ratio < self.least_ratio:
                return f"{ratio:.2f} of {self.rival}, the target is {self.least_ratio:.2g}"
        if self.most is not None and self.ours:
            median = statistics.median(self.ours)
            if median > self.most:
                return f"{number(median)} {self.unit}, the target is {number(self.most)} ({median / self.most:.2f} times it)"
        return ""

    def target(self) -> str:
        if self.least_ratio is not None:
            return f"≥ {self.least_ratio:.2g}{' (missed)' if self.missed() else ''}"
        if self.most is not None:
            return f"≤ {number(self.most)} {self.unit}{' (missed)' if self.missed() else ''}"
        return ""

    def line(self) -> str:
        if not self.ours:
            return f"| {self.what} | {self.note} | | | | |"
        beside = f"{self.rival}: {figure(self.theirs, self.unit)}" if self.theirs else self.rival and f"{self.rival}: not installed"
        ratios = self.ratios()
        ratio = f"{statistics.median(ratios):.2f}{spread(ratios, 2)}" if ratios else ""
        cpu = f"{number(statistics.median(self.cpu_ours))} µs" if self.cpu_ours else ""
        if self.cpu_theirs:
            cpu += f" / {number(statistics.median(self.cpu_theirs))} µs"
        note = f" ({self.note})" if self.note else ""
        return f"| {self.what}{note} | {figure(self.ours, self.unit)} | {beside} | {ratio} | {self.target()} | {cpu} |"


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def spread(values: list[float], digits: int | None = None) -> str:
    if len(values) < 2:
        return ""
    low, high = (number(v) if digits is None else f"{v:.{digits}f}" for v in (min(values), max(values)))
    return f" ({low} to {high})"


def figure(values: list[float], unit: str) -> str:
    return f"{number(statistics.median(values))} {unit}{spread(values)}"


@dataclasses.dataclass
class Group:
    """What one group found, as it is kept between runs so that groups can be repeated one by one."""

    name: str
    title: str
    when: str  # date of the run
    rounds: int
    rows: list[Row]

    def save(self, folder: pathlib.Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{self.name}.json").write_text(json.dumps(dataclasses.asdict(self), indent=1))

    @staticmethod
    def load(folder: pathlib.Path, name: str) -> "Group | None":
        path = folder / f"{name}.json"
        if not path.exists():
            return None
        saved = json.loads(path.read_text())
        return Group(**{**saved, "rows": [Row(**row) for row in saved["rows"]]})


def markdown(groups: list[Group], machine: str) -> str:
    parts = [f"Measured on {machine}. Medians of the rounds, lowest to highest in brackets.\n"]
    for group in groups:
        parts += [f"## {group.title}\n", f"{group.when}, {group.rounds} rounds.\n", HEADER,
                  *(row.line() for row in group.rows), ""]
    missed = [f"* {group.title}, {row.what}: {row.missed()}." for group in groups for row in group.rows if row.missed()]
    parts += ["## Targets that are missed\n", *(missed or ["None."]), ""]
    return "\n".join(parts)


def put_between_markers(path: pathlib.Path, generated: str) -> None:
    text = path.read_text()
    pattern = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
    if not pattern.search(text):
        raise SystemExit(f"bench: {path} has no markers '{BEGIN}' and '{END}'")
    path.write_text(pattern.sub(lambda _: f"{BEGIN}\n\n{generated}\n{END}", text))
