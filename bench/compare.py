# SPDX-License-Identifier: Apache-2.0
"""Measures the server beside nginx and `helm repo index`, alternating within one run.

Prints a Markdown table: median, spread (lowest to highest round) and the ratio to the rival of
the same round. Needs wrk; nginx and Helm are left out, and said so, where they are missing.
"""

import argparse
import contextlib
import gzip
import io
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_it_answers(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            sys.exit(f"bench: {process.args[0]} ended with {process.returncode} before answering")
        with contextlib.suppress(OSError):
            with urllib.request.urlopen(url, timeout=60) as answer:
                answer.read()
                return
        time.sleep(0.02)
    sys.exit(f"bench: nothing answers at {url}")


def make_package(name: str, version: str) -> bytes:
    chart = f"apiVersion: v2\nname: {name}\nversion: {version}\ndescription: A chart for measuring\n"
    tar_bytes = io.BytesIO()
    with tarfile.open(fileobj=tar_bytes, mode="w") as tar:
        for path, text in (("Chart.yaml", chart), ("values.yaml", "replicas: 1\n")):
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return gzip.compress(tar_bytes.getvalue(), 6, mtime=0)


def synthetic_charts(folder: pathlib.Path, count: int) -> None:
    for number in range(count):
        name, version = f"chart-{number // 10}", f"1.{number % 10}.0"
        (folder / f"{name}-{version}.tgz").write_bytes(make_package(name, version))


class Measurements:
    """Rounds of (ours, rival) figures; a rival may be missing."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, str, list[float], str, list[float]]] = []

    def add(self, what: str, unit: str, ours: list[float], rival: str, theirs: list[float]) -> None:
        self.rows.append((what, unit, ours, rival, theirs))
        print(self.line(self.rows[-1]), flush=True)

    @staticmethod
    def figure(values: list[float], unit: str) -> str:
        digits = 3 if unit == "s" else 0
        spread = f" ({min(values):,.{digits}f} to {max(values):,.{digits}f})" if len(values) > 1 else ""
        return f"{statistics.median(values):,.{digits}f} {unit}{spread}"

    def line(self, row) -> str:
        what, unit, ours, rival, theirs = row
        if not theirs:
            return f"| {what} | {self.figure(ours, unit)} | {rival} is not installed | |"
        ratios = [a / b if unit != "s" else b / a for a, b in zip(ours, theirs)]
        return (f"| {what} | {self.figure(ours, unit)} | {rival}: {self.figure(theirs, unit)} "
                f"| {statistics.median(ratios):.2f} |")


HEADER = "| measured | ours | beside | times as fast |\n| --- | --- | --- | --- |"


def requests_per_second(url: str, connections: int, seconds: int) -> float:
    report = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in report:
        sys.exit(f"bench: {url} answered with errors:\n{report}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", report)[1])


@contextlib.contextmanager
def running(command: list[str], url: str):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until_it_answers(url, process)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def nginx_command(work: pathlib.Path, root: pathlib.Path, port: int) -> list[str]:
    configuration = work / "nginx.conf"
    configuration.write_text(f"""
worker_processes auto; daemon off; pid {work}/nginx.pid; error_log {work}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log {work}/access.log; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi; scgi_temp_path {work}/scgi;
  server {{ listen 127.0.0.1:{port} reuseport; root {root}; }}
}}""")
    return ["nginx", "-c", str(configuration), "-e", f"{work}/error.log"]


def measure_indexing(binary: str, folder: pathlib.Path, helm: str | None, rounds: int, table: Measurements) -> None:
    count = len(list(folder.glob("*.tgz")))
    ours, theirs = [], []
    for _ in range(rounds):
        (folder / "index-cache.yaml").unlink(missing_ok=True)
        began = time.monotonic()
        subprocess.run([binary, "--storage=local", f"--storage-local-rootdir={folder}", "--gen-index",
                        "--disable-statefiles"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        ours.append(time.monotonic() - began)
        if helm:
            began = time.monotonic()
            subprocess.run([helm, "repo", "index", str(folder)], check=True, capture_output=True)
            theirs.append(time.monotonic() - began)
            (folder / "index.yaml").unlink()
    table.add(f"first index of {count:,} packages", "s", ours, "helm repo index", theirs)


def measure_downloads(binary: str, work: pathlib.Path, folder: pathlib.Path, rounds: int, seconds: int,
                      table: Measurements) -> None:
    port, rival_port = free_port(), free_port()
    ours_url, rival_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{rival_port}"
    packages = sorted(folder.glob("*.tgz"), key=lambda path: path.stat().st_size)
    package = min(packages, key=lambda path: abs(path.stat().st_size - 11_700)).name
    root = work / "root"
    root.mkdir()
    (root / "charts").symlink_to(folder)
    command = [binary, "--storage=local", f"--storage-local-rootdir={folder}", f"--port={port}", "--listen-host=127.0.0.1"]
    have_nginx = shutil.which("nginx") is not None
    with contextlib.ExitStack() as stack:
        stack.enter_context(running(command, f"{ours_url}/index.yaml"))
        with urllib.request.urlopen(f"{ours_url}/index.yaml") as answer:
            (root / "index.yaml").write_bytes(answer.read())
        if have_nginx:
            stack.enter_context(running(nginx_command(work, root, rival_port), f"{rival_url}/index.yaml"))
        for path, what in ((f"charts/{package}", f"package of {(folder / package).stat().st_size:,} bytes"),
                           ("index.yaml", f"index of {(root / 'index.yaml').stat().st_size:,} bytes")):
            for connections in (1, 32, 256):
                ours, theirs = [], []
                for _ in range(rounds):
                    ours.append(requests_per_second(f"{ours_url}/{path}", connections, seconds))
                    if have_nginx:
                        theirs.append(requests_per_second(f"{rival_url}/{path}", connections, seconds))
                table.add(f"{what}, {connections} connections", "requests/s", ours, "nginx", theirs)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", nargs="?", help="a folder of packages; it is copied, never changed")
    arguments.add_argument("--quick", action="store_true", help="one short round")
    options = arguments.parse_args()
    binary = os.environ["CHARTMUSEUM_BINARY"]
    rounds, seconds = (1, 2) if options.quick else (5, 5)

    work = pathlib.Path(tempfile.mkdtemp(prefix="chartmuseum-bench-"))
    try:
        folder = work / "storage"
        folder.mkdir()
        if options.folder:
            for package in pathlib.Path(options.folder).rglob("*.tgz"):
                shutil.copy(package, folder)
        else:
            synthetic_charts(folder, 10_000)
        if not any(folder.iterdir()):
            sys.exit(f"bench: there is no .tgz below {options.folder}")
        table = Measurements()
        print(HEADER, flush=True)
        measure_indexing(binary, folder, os.environ.get("HELM4"), rounds, table)
        measure_downloads(binary, work, folder, rounds, seconds, table)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
