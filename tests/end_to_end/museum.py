# SPDX-License-Identifier: Apache-2.0
"""A server under test: its process, its log, and short ways to ask it for things."""

import os
import signal
import socket
import subprocess
import tempfile
import time

import requests
import yaml

PATIENCE = 60  # seconds; for machines that are busy with something else


def eventually(condition, what, patience=PATIENCE):
    """Waits until `condition` returns something true, and returns it."""
    deadline = time.monotonic() + patience
    while True:
        result = condition()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {patience} seconds: {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def load_yaml(text):
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class Museum:
    def __init__(self, binary, folder, *options, variables=None, user=None):
        self.binary = binary
        self.folder = folder
        self.options = options
        self.variables = variables or {}
        self.user = user
        self.process = None
        self.port = None
        self.log_file = tempfile.NamedTemporaryFile(prefix="museum-log-")
        self.session = requests.Session()
        self.session.trust_env = False  # no proxies

    # The process.

    def command(self):
        return [str(self.binary), "--listen-host=127.0.0.1", f"--port={self.port}",
                "--storage=local", f"--storage-local-rootdir={self.folder}", *self.options]

    def start(self, wait=True):
        for attempt in range(3):  # another process may take the port meanwhile
            self.port = free_port()
            environment = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR")
                           if name in os.environ}
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=self.log_file, env={**environment, **self.variables}, user=self.user,
                cwd="/")
            if not wait or self._answers():
                return self
        raise AssertionError(f"the server did not start (try {attempt + 1}):\n{self.log()}")

    def _answers(self):
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.session.get(f"http://127.0.0.1:{self.port}/health").status_code == 200:
                    return True
            except requests.ConnectionError:
                time.sleep(0.02)
        return False

    def stop(self, signal_number=signal.SIGTERM):
        """Ends it as an operator would; its exit code."""
        self.process.send_signal(signal_number)
        return self.process.wait(PATIENCE)

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()
        self.session.close()
        self.log_file.close()

    def alive(self):
        return self.process.poll() is None

    def log(self):
        with open(self.log_file.name, "rb") as file:
            return file.read().decode(errors="replace")

    # Requests.

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def request(self, method, path, **how):
        how.setdefault("timeout", PATIENCE)
        return self.session.request(method, self.url + path, **how)

    def get(self, path, **how):
        return self.request("GET", path, **how)

    def push(self, package, repo="", query="", **how):
        repo = repo and f"/{repo}"
        return self.request("POST", f"/api{repo}/charts{query}", data=package, **how)

    def push_form(self, fields, repo="", query=""):
        """`fields` maps names to file contents."""
        repo = repo and f"/{repo}"
        files = {name: (f"{name}.bin", content) for name, content in fields.items()}
        return self.request("POST", f"/api{repo}/charts{query}", files=files)

    def index(self, repo=""):
        repo = repo and f"/{repo}"
        answer = self.get(f"{repo}/index.yaml")
        assert answer.status_code == 200, answer.text
        return load_yaml(answer.content)

    def versions(self, repo=""):
        """What the index lists: {chart name: [versions, newest first]}."""
        return {name: [entry["version"] for entry in entries]
                for name, entries in self.index(repo)["entries"].items()}

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def raw(self, request):
        """Sends bytes as they are; the status of the answer and all that came, (0, b"") if the
        connection was closed without one."""
        with self.connect() as connection:
            try:
                connection.sendall(request)
            except (BrokenPipeError, ConnectionResetError):
                pass  # it may answer, and close, before everything is sent
            return receive(connection)


def receive(connection):
    """Reads one answer, up to its length or the end of the connection."""
    received = b""
    try:
        while True:
            head, separator, body = received.partition(b"\r\n\r\n")
            if separator:
                lengths = [line.split(b":", 1)[1] for line in head.split(b"\r\n")
                           if line.lower().startswith(b"content-length:")]
                if lengths and len(body) >= int(lengths[0]):
                    break
            piece = connection.recv(65536)
            if not piece:
                break
            received += piece
    except ConnectionResetError:
        pass
    status = int(received.split(b" ", 2)[1]) if received.startswith(b"HTTP/1.1 ") else 0
    return status, received
