# SPDX-License-Identifier: Apache-2.0
"""How much memory the server takes: with an index, with idle connections, and over time."""

import contextlib
import pathlib
import resource
import socket
import time
from concurrent.futures import ThreadPoolExecutor

from bench import Bench
from report import Row
from servers import Running, fetch, link_packages, museum, nginx
from traffic import Kind, mixed

TITLE = "Memory"
IDLE = 10_000


def run(bench: Bench) -> list[Row]:
    return [*_after_index(bench), *_idle_connections(bench), *_churn(bench)]


def _after_index(bench: Bench) -> list[Row]:
    rows = []
    for source, what in ((bench.data.stable, f"{bench.data.sizes.stable:,} versions"),
                         (bench.data.small_charts, f"{bench.data.sizes.small:,} charts"),
                         (bench.data.small_versions, f"{bench.data.sizes.small:,} versions of one chart")):
        now = Row(f"index of {what}: resident", "MB")
        peak = Row(f"index of {what}: at most, statefile written", "MB")
        for _ in range(min(bench.rounds, 3)):
            folder = link_packages(source, bench.work / "memory")
            with museum(bench.binary, folder, bench.work) as server:
                size = len(fetch(f"{server.url}/index.yaml")[0]) / 1e6
                now.ours.append(server.memory())
                _wait_for(folder / "index-cache.yaml")
                peak.ours.append(server.memory("VmHWM"))
            bench.put_away(folder)
        now.most = peak.most = 3 * size + 40
        now.note = peak.note = f"the index has {size:.1f} MB"
        rows += [bench.add(now), bench.add(peak)]
    return rows


def _wait_for(path: pathlib.Path) -> None:
    deadline = time.monotonic() + 20
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    time.sleep(0.2)


def _connect(server: Running, count: int, sockets: contextlib.ExitStack) -> None:
    """Connections that have been used and are kept."""
    for _ in range(count):
        connection = sockets.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        connection.sendall(b"HEAD /index.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.recv(4096)


def _idle_connections(bench: Bench) -> list[Row]:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = IDLE if hard == resource.RLIM_INFINITY else min(IDLE, hard - 500)
    row = Row(f"{count:,} idle connections: more than without", "MB", rival="nginx", lower_is_better=True)
    folder = link_packages(bench.data.small_charts, bench.work / "idle")
    root = bench.work / "idle-root"
    root.mkdir()
    (root / "index.yaml").write_text("entries: {}\n")
    for _ in range(min(bench.rounds, 3)):
        with museum(bench.binary, folder, bench.work) as ours:
            row.ours.append(_growth(ours, count))
        with nginx(root, bench.work) as theirs:
            if theirs:
                row.theirs.append(_growth(theirs, count))
    bench.put_away(folder)
    bench.put_away(root)
    if count < IDLE:
        row.note = f"no more are allowed here: ulimit -n is {hard}"
    return [bench.add(row)]


def _growth(server: Running, count: int) -> float:
    before = server.memory()
    with contextlib.ExitStack() as sockets:
        _connect(server, count, sockets)
        return server.memory() - before


def _churn(bench: Bench) -> list[Row]:
    """Pushes, deletions and downloads at once, the repository staying as large as it is."""
    folder = link_packages(bench.data.stable, bench.work / "churn")
    package = min(folder.iterdir(), key=lambda path: abs(path.stat().st_size - 11_700)).name
    kinds = [Kind("package", 10, "GET", f"/charts/{package}"), Kind("index", 1, "GET", "/index.yaml"),
             Kind("push", 5, "PUSH", "/api/charts"), Kind("delete", 5, "DELETE", "/api/charts")]
    seconds = bench.churn_minutes * 60
    rows = []
    with museum(bench.binary, folder, bench.work) as server, ThreadPoolExecutor() as background:
        began = time.monotonic()
        running = background.submit(mixed, bench.programs, server, kinds, 16, seconds, push_file=bench.data.push_charts)
        for share, when in ((0.1, "near its beginning"), (0.5, "in the middle"), (0.97, "near its end")):
            time.sleep(max(0.0, began + share * seconds - time.monotonic()))
            rows.append(Row(f"churn, {bench.churn_minutes:g} min: {when}", "MB", [server.memory()]))
        figures = running.result()
    rows[-1].note = (f"{figures['push'].count:,} pushes, {figures['delete'].count:,} deletions, "
                     f"{figures['package'].count:,} downloads")
    bench.put_away(folder)
    return [bench.add(row) for row in rows]
