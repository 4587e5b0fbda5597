# SPDX-License-Identifier: Apache-2.0
"""Fixtures: the server's binary, museums on temporary folders, Helm clients, keys and certificates;
those of cloud.py too."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

from certificates import Authority
from cloud import (  # noqa: F401, fixtures
    azurite, cloud, firebase_storage, openstack_swift, put_proxy_before, s3rver, start_cloud_museum)
from helm import Helm
from museum import Museum
from secure_museum import SecureMuseum, await_port, tls_options
from tokens import Signer, token_options

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def binary():
    path = pathlib.Path(os.environ.get("CHARTMUSEUM_BINARY", ROOT / "build/release/chartmuseum"))
    if not path.is_file():
        pytest.fail(f"{path} is missing; build it with script/build or set CHARTMUSEUM_BINARY")
    return path


@pytest.fixture
def folder():
    """An empty folder below a path that every user may enter (pytest's own tmp_path is private)."""
    base = pathlib.Path(tempfile.mkdtemp(prefix="museum-"))
    base.chmod(0o755)
    storage = base / "storage"
    storage.mkdir()
    yield storage
    shutil.rmtree(base, ignore_errors=True)


@pytest.fixture
def start_museum(binary, folder):
    """Starts museums, by default on the test's folder, and ends them after the test."""
    running = []

    def start(*options, storage=None, ready=True, **how):
        """`ready`: waits until it answers over plain HTTP."""
        museum = Museum(binary, storage or folder, *options, **how)
        running.append(museum)
        museum.start(wait=ready)
        return museum

    yield start
    for museum in running:
        museum.end()


@pytest.fixture
def museum(start_museum):
    return start_museum()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path / "server", "Museum Authority")


@pytest.fixture
def identity(authority):
    """The files that the server is given, in a folder where they can be replaced."""
    return authority.issue("tls")


@pytest.fixture
def start_secure(start_museum, authority, identity):
    def start(*options, clients=None, client=None):
        museum = start_museum(*tls_options(identity, clients), *options, ready=False)
        await_port(museum)
        return SecureMuseum(museum, authority, client)
    return start


@pytest.fixture
def clients(tmp_path):
    return Authority(tmp_path / "clients", "Client Authority")


@pytest.fixture(scope="session")
def signer(tmp_path_factory):
    """Signs tokens (RS256)."""
    return Signer(tmp_path_factory.mktemp("signer"))


@pytest.fixture
def guarded(start_museum, signer):
    """A museum that takes the signer's tokens."""
    return start_museum(*token_options(signer.public))


def helm_binary(variable):
    path = os.environ.get(variable)
    if not path or not os.access(path, os.X_OK):
        pytest.skip(f"{variable} names no Helm client (script/helm-clients fetches them)")
    return path


@pytest.fixture(params=["HELM4", "HELM3"])
def helm(request, tmp_path):
    return Helm(helm_binary(request.param), tmp_path / "helm")


@pytest.fixture
def any_helm(tmp_path):
    for variable in ("HELM3", "HELM4"):
        if os.access(os.environ.get(variable, ""), os.X_OK):
            return Helm(os.environ[variable], tmp_path / "helm")
    return pytest.skip("neither HELM3 nor HELM4 names a Helm client (script/helm-clients)")


@pytest.fixture(scope="session")
def signing_key():
    """A fresh key, exported as the keyrings that Helm reads: (name, secret keyring, public one)."""
    if not shutil.which("gpg"):
        pytest.skip("gpg is not installed")
    home = pathlib.Path(tempfile.mkdtemp(prefix="gpg-"))  # its socket's path must be short
    environment = {**os.environ, "GNUPGHOME": str(home)}

    def gpg(*arguments, **how):
        return subprocess.run(["gpg", "--batch", "--quiet", *arguments], env=environment,
                              check=True, capture_output=True, **how).stdout

    gpg("--generate-key", input=b"""
        %no-protection
        Key-Type: RSA
        Key-Length: 2048
        Name-Real: Chart Signer
        Name-Email: signer@example.com
        Expire-Date: 0
        %commit
        """)
    (home / "secret.gpg").write_bytes(gpg("--export-secret-keys"))
    (home / "public.gpg").write_bytes(gpg("--export"))
    yield "Chart Signer", home / "secret.gpg", home / "public.gpg"
    subprocess.run(["gpgconf", "--kill", "all"], env=environment, check=False)
    shutil.rmtree(home, ignore_errors=True)
