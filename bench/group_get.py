# SPDX-License-Identifier: Apache-2.0
"""Reads, each beside nginx with a file of the same bytes."""

import contextlib
import pathlib
import random
import urllib.error

from bench import Bench
from packages import gzip, small_package
from report import Row
from servers import Running, fetch, link_packages, museum, nginx
from traffic import Figures, Kind, mixed, wrk

TITLE = "Reads"
BIG = "big-1.0.0.tgz"
TINY = 300


def run(bench: Bench) -> list[Row]:
    storage = link_packages(bench.data.stable, bench.work / "get")
    package = min(storage.iterdir(), key=lambda path: abs(path.stat().st_size - 11_700)).name
    noise = random.Random(5).randbytes(5_000_000)  # as good as incompressible
    (storage / BIG).write_bytes(small_package("big", "1.0.0", noise))
    root = bench.work / "root"
    root.mkdir()
    (root / "charts").symlink_to(storage)
    with museum(bench.binary, storage, bench.work) as ours:
        index, _ = fetch(f"{ours.url}/index.yaml")
        (root / "index.yaml").write_bytes(index)
        (root / "index.yaml.gz").write_bytes(gzip(index))
        (root / "tiny.json").write_bytes(b"x" * TINY)
        with nginx(root, bench.work) as theirs:
            rows = Comparison(bench, ours, theirs, root).rows(storage, package)
    bench.put_away(storage)
    bench.put_away(root)
    return rows


class Comparison:
    """Both servers, asked in turns."""

    def __init__(self, bench: Bench, ours: Running, theirs: Running | None, root: pathlib.Path) -> None:
        self.bench, self.ours, self.theirs, self.root = bench, ours, theirs, root
        self.connections = (32,) if bench.quick else (1, 32, 256)

    def rows(self, storage: pathlib.Path, package: str) -> list[Row]:
        rows = []
        for name, what in ((package, f"package of {(storage / package).stat().st_size:,} bytes"),
                           (BIG, f"package of {(storage / BIG).stat().st_size:,} bytes")):
            for connections in self.connections:
                rows.append(self.compare(f"{what}, {connections} connection{'s' * (connections > 1)}", f"/charts/{name}", connections))
        index = f"index.yaml of {(self.root / 'index.yaml').stat().st_size:,} bytes"
        for connections in self.connections:
            rows.append(self.compare(f"{index}, {connections} connection{'s' * (connections > 1)}", "/index.yaml", connections,
                                     target=1.3))
        rows.append(self.compressed_index())
        rows.append(self.not_modified())
        rows.append(self.head(package))
        rows += self.queries()
        return rows

    def compare(self, what: str, path: str, connections: int = 32, their_path: str | None = None,
                headers: tuple[dict, dict] = ({}, {}), target: float | None = 1.0) -> Row:
        def ask(server: Running, asked: str, sent: dict) -> Figures:
            return wrk(server, asked, connections, self.bench.seconds, sent)

        return self.alternate(what, lambda: ask(self.ours, path, headers[0]),
                              lambda: ask(self.theirs, their_path or path, headers[1]), target)

    def alternate(self, what: str, ask_ours, ask_theirs, target: float | None) -> Row:
        row = Row(what, "/s", rival="nginx", least_ratio=target)
        for _ in range(self.bench.rounds):
            figures = ask_ours()
            row.ours.append(figures.rate)
            row.cpu_ours.append(figures.cpu)
            if self.theirs:
                figures = ask_theirs()
                row.theirs.append(figures.rate)
                row.cpu_theirs.append(figures.cpu)
        return self.bench.add(row)

    def compressed_index(self) -> Row:
        what = "index.yaml with gzip, 32 connections"
        wanted = {"Accept-Encoding": "gzip"}
        content, headers = fetch(f"{self.ours.url}/index.yaml", wanted)
        if headers.get("content-encoding") != "gzip":
            return self.bench.add(Row(what, "", note="not yet: it is sent as it is"))
        row = self.compare(what, "/index.yaml", headers=(wanted, wanted))
        row.note = f"{len(content):,} bytes, nginx's {(self.root / 'index.yaml.gz').stat().st_size:,} with gzip_static"
        return row

    def not_modified(self) -> Row:
        def tag(server: Running | None) -> dict[str, str]:
            return {"If-None-Match": fetch(f"{server.url}/index.yaml")[1]["etag"]} if server else {}

        both = (tag(self.ours), tag(self.theirs))
        for server, headers in zip((self.ours, self.theirs), both):
            with contextlib.suppress(urllib.error.HTTPError):  # that is how a 304 comes
                if server:
                    fetch(f"{server.url}/index.yaml", headers)
                    raise SystemExit(f"bench: {server.url}/index.yaml is no 304 with {headers}")
        return self.compare("304 for index.yaml, 32 connections", "/index.yaml", headers=both, target=0.8)

    def head(self, package: str) -> Row:
        kinds = [Kind("head", 1, "HEAD", f"/charts/{package}")]

        def ask(server: Running) -> Figures:
            return mixed(self.bench.programs, server, kinds, 32, self.bench.seconds)["all"]

        return self.alternate("HEAD of a package, 32 connections", lambda: ask(self.ours), lambda: ask(self.theirs), 0.8)

    def queries(self) -> list[Row]:
        rows = [self.compare(f"/api/charts/<name> of one version, beside a file of {TINY} bytes, 32 connections",
                             "/api/charts/big", their_path="/tiny.json", target=0.8)]
        for name, path in (("charts.json", "/api/charts"), ("page.json", "/api/charts?offset=20&limit=10")):
            content, _ = fetch(f"{self.ours.url}{path}")
            (self.root / name).write_bytes(content)
            rows.append(self.compare(f"{path} of {len(content):,} bytes, 32 connections", path, their_path=f"/{name}", target=None))
        return rows
