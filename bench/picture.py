# SPDX-License-Identifier: Apache-2.0
"""The ratios as an SVG picture: a dot and its spread for each row, on a logarithmic scale around 1."""

import math
import statistics
from xml.sax.saxutils import escape

from report import Group

WIDTH, LABELS, RIGHT, LINE = 1080, 590, 70, 20
STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; } .small { fill: #57606a; }
  .grid { stroke: #d0d7de; } .one { stroke: #57606a; stroke-width: 1.5; }
  .better { fill: #1a7f37; stroke: #1a7f37; } .worse { fill: #bc4c00; stroke: #bc4c00; }
  .whisker { stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .small { fill: #9198a1; }
    .grid { stroke: #3d444d; } .one { stroke: #9198a1; }
    .better { fill: #3fb950; stroke: #3fb950; } .worse { fill: #f0883e; stroke: #f0883e; }
  }"""


def svg(groups: list[Group]) -> str:
    shown = [(group, [row for row in group.rows if row.ratios()]) for group in groups]
    shown = [(group, rows) for group, rows in shown if rows]
    ratios = [ratio for _, rows in shown for row in rows for ratio in row.ratios()] or [1.0]
    low = 2.0 ** math.floor(math.log2(min(0.5, min(ratios))))
    high = 2.0 ** math.ceil(math.log2(max(2.0, max(ratios))))
    plot = WIDTH - LABELS - RIGHT

    def x(ratio: float) -> float:
        return LABELS + plot * math.log(ratio / low) / math.log(high / low)

    body, y = [], 50
    for group, rows in shown:
        y += LINE
        body.append(f'<text class="title" x="10" y="{y}">{escape(group.title)}</text>')
        for row in rows:
            y += LINE
            values = row.ratios()
            median = statistics.median(values)
            kind = "better" if median >= 1 else "worse"
            label = f"{row.what} / {row.rival}"
            body.append(f'<text x="{LABELS - 12}" y="{y}" text-anchor="end">{escape(label)}</text>'
                        f'<line class="{kind} whisker" x1="{x(min(values)):.1f}" x2="{x(max(values)):.1f}" y1="{y - 4}" y2="{y - 4}"/>'
                        f'<circle class="{kind}" cx="{x(median):.1f}" cy="{y - 4}" r="4"/>'
                        f'<text class="small" x="{WIDTH - 10}" y="{y}" text-anchor="end">{median:.2f}</text>')
        y += LINE // 2
    height = y + 20
    grid = []
    step = low
    while step <= high * 1.001:
        name = f"{step:g}" if step >= 1 else f"1/{1 / step:g}"
        grid.append(f'<line class="{"one" if step == 1 else "grid"}" x1="{x(step):.1f}" x2="{x(step):.1f}" y1="46" y2="{height - 14}"/>'
                    f'<text class="small" x="{x(step):.1f}" y="40" text-anchor="middle">{name}</text>')
        step *= 2
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
            f'aria-label="Ratios of the benchmarks">\n<style>{STYLE}\n</style>\n'
            '<text class="small" x="10" y="20">Times as good as what stands beside it: right of 1 is better. Median, lowest to highest round.</text>\n'
            + "\n".join(grid + body) + "\n</svg>\n")
