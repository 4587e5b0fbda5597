# SPDX-License-Identifier: Apache-2.0
"""Starts and stops what is measured, and reads from /proc what it takes."""

import contextlib
import dataclasses
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

TICK = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def fetch(url: str, headers: dict[str, str] | None = None) -> tuple[bytes, dict[str, str]]:
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=600) as answer:
        return answer.read(), {name.lower(): value for name, value in answer.headers.items()}


def link_packages(source: pathlib.Path, target: pathlib.Path) -> pathlib.Path:
    """A storage folder with the packages of `source`, as hard links: quick, and `source` stays as it is
    because the server replaces files and never writes into them."""
    target.mkdir(parents=True)
    for entry in os.scandir(source):
        os.link(entry.path, target / entry.name)
    os.sync()  # else whoever first waits for the disk waits for these too
    return target


@dataclasses.dataclass
class Running:
    """A server with all its processes."""

    process: subprocess.Popen
    port: int
    started: float
    listening_after: float = 0.0  # seconds
    answering_after: float = 0.0  # seconds until the first index

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def processes(self) -> list[int]:
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *map(int, children)]

    def cpu_seconds(self) -> float:
        ticks = 0
        for process in self.processes():
            fields = pathlib.Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])  # utime, stime
        return ticks / TICK

    def memory(self, what: str = "VmRSS") -> float:
        """MB, of all its processes."""
        total = 0
        for process in self.processes():
            for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
                if line.startswith(what + ":"):
                    total += int(line.split()[1])
        return total * 1024 / 1e6


def wait_for_port(running: Running) -> None:
    while True:
        if running.process.poll() is not None:
            sys.exit(f"bench: {running.process.args[0]} ended with {running.process.returncode} before listening")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", running.port)):
            running.listening_after = time.monotonic() - running.started
            return
        if time.monotonic() - running.started > 600:
            sys.exit(f"bench: {running.process.args[0]} does not listen")
        time.sleep(0.0005)


@contextlib.contextmanager
def _running(command: list[str], port: int, output: pathlib.Path, variables: dict[str, str] | None = None):
    with output.open("wb") as log:
        started = time.monotonic()
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **(variables or {})})
    running = Running(process, port, started)
    try:
        wait_for_port(running)
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def museum(binary: str, folder: pathlib.Path, work: pathlib.Path, options: tuple[str, ...] = (), index: bool = True):
    """Our server, with its index made (unless `index` is false), its log going to a file as nginx's does."""
    storage = ("--storage=local", f"--storage-local-rootdir={folder}")
    with _museum(binary, (*storage, *options), work, index=index) as running:
        yield running


@contextlib.contextmanager
def bucket_museum(binary: str, endpoint: str, bucket: str, work: pathlib.Path, options: tuple[str, ...] = (), keys: tuple[str, str] = ("any", "any")):
    """The same on a bucket of whatever speaks as S3 does."""
    storage = ("--storage=amazon", f"--storage-amazon-bucket={bucket}", f"--storage-amazon-endpoint={endpoint}")
    variables = {"AWS_ACCESS_KEY_ID": keys[0], "AWS_SECRET_ACCESS_KEY": keys[1]}
    with _museum(binary, (*storage, *options), work, variables) as running:
        yield running


@contextlib.contextmanager
def _museum(binary: str, options: tuple[str, ...], work: pathlib.Path, variables: dict[str, str] | None = None, index: bool = True):
    port = free_port()
    command = [binary, f"--port={port}", "--listen-host=127.0.0.1", *options]
    with _running(command, port, work / "museum.log", variables) as running:
        if index:
            fetch(f"{running.url}/index.yaml")
            running.answering_after = time.monotonic() - running.started
        yield running


def have_nginx() -> bool:
    return shutil.which("nginx") is not None


@contextlib.contextmanager
def nginx(root: pathlib.Path, work: pathlib.Path, settings: str = "", secure: bool = False):
    """nginx as one would set it up for charts, with more `settings` of its server; None where it is not installed. As many workers as processors, which
    is what our server does."""
    if not have_nginx():
        yield None
        return
    port = free_port()
    home = work / "nginx"
    home.mkdir(exist_ok=True)
    # Started by root its workers would be somebody else, who may not find the way to the packages.
    user = "user root;" if os.geteuid() == 0 else ""
    (home / "nginx.conf").write_text(f"""
{user} worker_processes {os.cpu_count()}; worker_rlimit_nofile 16384; daemon off;
pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 16000; }}
http {{
  access_log {home}/access.log; sendfile on; tcp_nopush on; gzip_static on; keepalive_requests 1000000000;
  types {{ application/x-yaml yaml; application/x-tar tgz; application/json json; }}
  client_body_temp_path {home}/body; proxy_temp_path {home}/proxy; fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
  server {{ listen 127.0.0.1:{port} {"ssl " if secure else ""}reuseport; root {root}; {settings} }}
}}""")
    command = ["nginx", "-c", str(home / "nginx.conf"), "-e", f"{home}/error.log"]
    with _running(command, port, home / "output.log") as running:
        yield running
