# SPDX-License-Identifier: Apache-2.0
"""Makes load: with wrk for requests of one kind, with bench_load (load.cpp) where kinds are mixed and for HEAD, whose
answers wrk cannot read."""

import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

from servers import Running

UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}


@dataclasses.dataclass(frozen=True)
class Figures:
    rate: float  # requests a second
    p50: float  # milliseconds
    p99: float
    count: int
    cpu: float = 0.0  # microseconds of the server's processors for each request


def _checked(command: list[str], **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


def wrk(server: Running, path: str, connections: int, seconds: float, headers: dict[str, str] | None = None,
        script: pathlib.Path | None = None, environment: dict[str, str] | None = None, secure: bool = False) -> Figures:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{max(1, round(seconds))}s", "--timeout", "60s", "--latency"]
    for name, value in (headers or {}).items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", str(script)]
    before = server.cpu_seconds()
    url = server.url.replace("http:", "https:", 1) if secure else server.url
    report = _checked([*command, url + path], env={**os.environ, **(environment or {})})
    spent = server.cpu_seconds() - before
    if "Non-2xx" in report or "Socket errors" in report:
        sys.exit(f"bench: {server.url}{path} answered with errors:\n{report}")
    count = int(re.search(r"(\d+) requests in", report)[1])

    def latency(share: str) -> float:
        found = re.search(rf"^\s+{share}%\s+([\d.]+)(us|ms|s|m)$", report, re.MULTILINE)
        return float(found[1]) * UNITS[found[2]] if found else 0.0  # nothing was answered in time

    return Figures(rate=float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1]), p50=latency("50"), p99=latency("99"),
                   count=count, cpu=spent / max(1, count) * 1e6)


@dataclasses.dataclass(frozen=True)
class Kind:
    name: str
    weight: int
    method: str  # GET, HEAD, PUSH or DELETE
    path: str


def mixed(programs: pathlib.Path, server: Running, kinds: list[Kind], connections: int, seconds: float,
          rate: float = 0, push_file: pathlib.Path | None = None) -> dict[str, Figures]:
    """Figures by kind, and of all together under "all" (there without latencies)."""
    before = server.cpu_seconds()
    report = json.loads(_checked(
        [str(programs / "bench_load"), str(server.port), str(connections), str(seconds), str(rate),
         str(push_file or "-"), *(f"{kind.name}:{kind.weight}:{kind.method}:{kind.path}" for kind in kinds)]))
    spent = server.cpu_seconds() - before
    figures, total = {}, 0
    for name, kind in report["kinds"].items():
        if kind["errors"]:
            sys.exit(f"bench: {kind['errors']} of {kind['count']} requests of kind {name} were answered with errors, "
                     f"the last one with {kind['error_status']}")
        total += kind["count"]
        figures[name] = Figures(kind["count"] / report["seconds"], kind["p50"], kind["p99"], kind["count"])
    figures["all"] = Figures(total / report["seconds"], 0, 0, total, spent / max(1, total) * 1e6)
    return figures


def bare_writes(programs: pathlib.Path, folder: pathlib.Path, threads: int, seconds: float, size: int) -> Figures:
    report = json.loads(_checked([str(programs / "bench_bare_writes"), str(folder), str(threads), str(seconds), str(size)]))
    return Figures(report["rate"], report["p50"], report["p99"], report["count"], report["cpu"])
