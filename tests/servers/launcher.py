# SPDX-License-Identifier: Apache-2.0
"""What the launchers of this folder share.

A launcher starts one real storage server on a free port of 127.0.0.1, with its data in a new
temporary folder, and prints one line of JSON when the server answers. It lives until its standard
input ends or a signal comes, then takes everything down. It exits with 77, and the reason on
standard error, where the server cannot be had.
"""

import argparse
import ctypes
import getpass
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

PATIENCE = 60  # seconds; for machines that are busy with something else
CANNOT_BE_HAD = 77
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
HERE = pathlib.Path(__file__).resolve().parent

class CannotBeHad(Exception):
    """The server is not installed here."""


class DidNotStart(Exception):
    """The server is installed, and ended or kept silent."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def user_name():
    return getpass.getuser()


def tool(variable):
    """The folder that script/cloud-servers installed something in."""
    folder = os.environ.get(variable)
    if not folder or not pathlib.Path(folder, "node_modules").is_dir():
        raise CannotBeHad(f"{variable} names no folder (script/cloud-servers prints it)")
    if not shutil.which("node"):
        raise CannotBeHad("Node.js is not installed")
    return pathlib.Path(folder)


def request(method, url, headers=None, authority=None):
    """The answer's status and headers; its body is of no interest here."""
    handlers = [urllib.request.ProxyHandler({})]  # no proxies
    if authority:
        handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=authority)))
    call = urllib.request.Request(url, method=method, headers=headers or {})
    try:
        with urllib.request.build_opener(*handlers).open(call, timeout=PATIENCE) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as answer:
        return answer.code, answer.headers


def die_with_the_parent():
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


class Stage:
    """The folder and the processes of one server."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="cloud-server-"))
        self._processes = {}

    def spawn(self, name, command, variables=None):
        environment = {variable: os.environ[variable] for variable in ("PATH", "LANG")
                       if variable in os.environ}
        environment.update(HOME=str(self.folder), TMPDIR=str(self.folder), **(variables or {}))
        with open(self.log(name), "ab") as log:
            self._processes[name] = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=environment, preexec_fn=die_with_the_parent)

    def log(self, name):
        return self.folder / f"{name}.log"

    def check(self):
        """Fails where a process of the server has ended."""
        for name, process in self._processes.items():
            if process.poll() is not None:
                log = self.log(name).read_text(errors="replace")[-4000:]
                raise DidNotStart(f"{name} ended with {process.returncode}:\n{log}")

    def await_port(self, port):
        deadline = time.monotonic() + PATIENCE
        while True:
            self.check()
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline:
                    raise DidNotStart(f"nothing answers on port {port}") from None
                time.sleep(0.05)

    def await_status(self, wanted, method, url, headers=None, authority=None):
        """Repeats a call, while the server wakes up, until it answers as wanted; its headers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self.check()
            try:
                status, answered = request(method, url, headers, authority)
            except OSError as error:
                status, answered = error, None
            if status in wanted:
                return answered
            if time.monotonic() > deadline:
                raise DidNotStart(f"{method} {url}: {status}")
            time.sleep(0.1)

    def take_down(self):
        before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # or a second one leaves half of it
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def issue_certificate(folder):
    """A certificate for 127.0.0.1 and localhost, as PEM files: (authority, certificate, key)."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=folder)

    if not shutil.which("openssl"):
        raise CannotBeHad("openssl is not installed")
    authority, certificate, key = (folder / name for name in ("ca.pem", "server.pem", "server.key"))
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *curve, "-days", "2", "-subj", "/CN=Cloud Server Authority",
            "-keyout", "ca.key", "-out", authority)
    openssl("req", *curve, "-subj", "/CN=127.0.0.1", "-keyout", key, "-out", "server.csr")
    (folder / "names").write_text("subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:*.localhost\n")
    openssl("x509", "-req", "-in", "server.csr", "-CA", authority, "-CAkey", "ca.key",
            "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", certificate)
    return authority, certificate, key


class _Ended(Exception):
    """Somebody wants the server to end."""


def _end(*_):
    raise _Ended


def _started(start, arguments):
    """Starts the server, again where another process took a port meanwhile."""
    for attempt in range(3):
        stage = Stage()
        try:
            return stage, start(stage, arguments)
        except DidNotStart:
            stage.take_down()
            if attempt == 2:
                raise
        except BaseException:
            stage.take_down()
            raise


def run(start, description, add_options=lambda parser: None):
    """`start(stage, arguments)` starts a server and returns what its users must know."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--bucket", default="charts", help="the bucket, or container, to create")
    add_options(parser)
    arguments = parser.parse_args()
    for number in ENDING:
        signal.signal(number, _end)

    stage = None
    code = 0
    try:
        stage, facts = _started(start, arguments)
        print(json.dumps(facts), flush=True)
        while True:
            stage.check()
            readable, _, _ = select.select([sys.stdin], [], [], 0.5)
            if readable and not os.read(sys.stdin.fileno(), 4096):
                break
    except _Ended:
        pass
    except CannotBeHad as reason:
        print(reason, file=sys.stderr)
        code = CANNOT_BE_HAD
    except DidNotStart as reason:
        print(reason, file=sys.stderr)
        code = 1
    finally:
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        if stage:
            stage.take_down()
    sys.exit(code)
