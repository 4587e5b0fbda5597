# SPDX-License-Identifier: Apache-2.0
"""Real storage servers (tests/servers), the proxy that lets their calls fail, and museums on them."""

import json
import pathlib
import select
import subprocess
import uuid
from urllib.parse import urlsplit

import pytest
import requests

from museum import PATIENCE, Museum

LAUNCHERS = pathlib.Path(__file__).resolve().parents[1] / "servers"


class CloudServer:
    """A server of tests/servers; `facts` is what its launcher tells of it."""

    def __init__(self, name, *options):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", LAUNCHERS / f"{name}.py", *map(str, options)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        readable, _, _ = select.select([self.process.stdout], [], [], 3 * PATIENCE)
        line = self.process.stdout.readline() if readable else ""
        if not line:
            self.process.terminate()
            _, reason = self.process.communicate(timeout=PATIENCE)
            if self.process.returncode == 77:
                pytest.skip(f"{name}: {reason.strip()}")
            raise AssertionError(f"{name} did not start:\n{reason}")
        self.facts = json.loads(line)

    def __getattr__(self, name):
        try:
            return self.__dict__["facts"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        self.process.stderr.close()


class FaultProxy(CloudServer):
    """A proxy in front of a server; tests/servers/fault_proxy.mjs lists the kinds of faults."""

    def __init__(self, upstream, *options):
        super().__init__("fault_proxy", "--upstream", upstream, *options)
        self.session = requests.Session()
        self.session.trust_env = False

    def __exit__(self, *_):
        self.session.close()
        super().__exit__()

    def _control(self, method, path, value=None):
        answer = self.session.request(method, self.control + path, json=value, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def fail(self, kind, method=None, path=None, times=1, after=0, **how):
        """The next `times` calls (0: all of them) of this method, to targets that this regular
        expression is found in, fail, once `after` of them have passed."""
        rule = {"kind": kind, "times": times, "after": after, **how}
        if method:
            rule["method"] = method
        if path:
            rule["path"] = path
        self._control("POST", "/faults", rule)

    def heal(self):
        self._control("DELETE", "/faults")

    def calls(self):
        return self._control("GET", "/calls")

    def forget_calls(self):
        self._control("DELETE", "/calls")

    def set_delay(self, milliseconds):
        self._control("PUT", "/delay", {"milliseconds": milliseconds})


def storage_of(server, prefix="", through=None):
    """What a museum is given to store in a server's bucket: (options, variables). `through` is a
    proxy in front of that server."""
    url = server.url
    if through:
        url = through.url + urlsplit(url).path
    if server.server == "azurite":
        connection = server.connection_string.replace(server.url, url)
        return ["--storage=microsoft", f"--storage-microsoft-container={server.bucket}",
                f"--storage-microsoft-prefix={prefix}"], \
            {"AZURE_STORAGE_CONNECTION_STRING": connection}
    if server.server == "firebase_storage":
        return ["--storage=google", f"--storage-google-bucket={server.bucket}",
                f"--storage-google-prefix={prefix}"], \
            {"STORAGE_EMULATOR_HOST": urlsplit(url).netloc}
    return ["--storage=amazon", f"--storage-amazon-bucket={server.bucket}",
            f"--storage-amazon-prefix={prefix}", f"--storage-amazon-region={server.region}",
            f"--storage-amazon-endpoint={url}"], \
        {"AWS_ACCESS_KEY_ID": server.access_key, "AWS_SECRET_ACCESS_KEY": server.secret_key,
         "AWS_EC2_METADATA_DISABLED": "true"}


class CloudMuseum(Museum):
    """A museum on a server's bucket, by default below a prefix of its own."""

    def __init__(self, binary, server, *options, prefix=None, through=None, variables=None):
        self.prefix = uuid.uuid4().hex if prefix is None else prefix
        self.storage, credentials = storage_of(server, self.prefix, through)
        super().__init__(binary, None, *options, variables={**credentials, **(variables or {})})

    def command(self):
        return [str(self.binary), "--listen-host=127.0.0.1", f"--port={self.port}", *self.storage,
                *self.options]


@pytest.fixture(scope="session")
def s3rver():
    with CloudServer("s3rver") as server:
        yield server


@pytest.fixture(scope="session")
def openstack_swift():
    with CloudServer("openstack_swift") as server:
        yield server


@pytest.fixture(scope="session")
def firebase_storage():
    with CloudServer("firebase_storage") as server:
        yield server


@pytest.fixture(scope="session")
def azurite():
    with CloudServer("azurite") as server:
        yield server


@pytest.fixture(params=["s3rver", "openstack_swift", "firebase_storage", "azurite"])
def cloud(request):
    """Each of the servers in turn."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def put_proxy_before():
    """Starts proxies in front of servers, and ends them after the test."""
    running = []

    def start(server, *options):
        url = urlsplit(getattr(server, "url", server))
        running.append(FaultProxy(f"{url.scheme}://{url.netloc}", *options))
        return running[-1]

    yield start
    for proxy in running:
        proxy.__exit__()


@pytest.fixture
def start_cloud_museum(binary):
    """Starts museums on buckets, and ends them after the test."""
    running = []

    def start(server, *options, ready=True, **how):
        museum = CloudMuseum(binary, server, *options, **how)
        running.append(museum)
        museum.start(wait=ready)
        return museum

    yield start
    for museum in running:
        museum.end()
