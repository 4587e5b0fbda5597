# SPDX-License-Identifier: Apache-2.0
"""Starting: what is printed where, and which mistakes are told apart."""

import json
import os
import socket
import subprocess

import pytest

from museum import PATIENCE, free_port, load_yaml
from packages import package


@pytest.fixture
def run(binary):
    def run(*arguments, variables=None):
        environment = {"PATH": os.environ["PATH"], **(variables or {})}
        return subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True,
                              env=environment, timeout=PATIENCE, check=False, cwd="/")
    return run


def test_gen_index_prints_the_index_and_nothing_else(run, folder):
    (folder / "alpha-1.0.0.tgz").write_bytes(package("alpha", "1.0.0"))
    (folder / "broken-1.0.0.tgz").write_bytes(b"no package")
    done = run("--gen-index", "--storage=local", f"--storage-local-rootdir={folder}")
    assert done.returncode == 0, done.stderr
    document = load_yaml(done.stdout)
    assert done.stdout.startswith("apiVersion: v1\n")
    assert [entry["version"] for entry in document["entries"]["alpha"]] == ["1.0.0"]
    assert "broken-1.0.0.tgz" in done.stderr


def test_gen_index_in_json(run, folder):
    (folder / "alpha-1.0.0.tgz").write_bytes(package("alpha", "1.0.0"))
    done = run("--gen-index", "--json-index", "--storage=local",
               f"--storage-local-rootdir={folder}")
    assert list(json.loads(done.stdout)["entries"]) == ["alpha"]


def test_gen_index_is_for_one_repository(run, folder):
    done = run("--gen-index", "--depth=1", "--storage=local", f"--storage-local-rootdir={folder}")
    assert done.returncode != 0
    assert done.stdout == ""
    assert "depth" in done.stderr


@pytest.mark.parametrize("arguments, told", [
    (["--prot=8080"], "--port"), (["--port=eighty"], "port"), (["--depth=-1"], "depth"),
    (["--storage=clouds"], "Unsupported storage backend: clouds"),
    (["--storage=local"], "storage-local-rootdir"), (["--storage=amazon"], "amazon"),
    (["--config=/nowhere.yaml"], "/nowhere.yaml")])
def test_usage_errors_say_what_is_wrong(run, arguments, told):
    done = run(*arguments)
    assert done.returncode != 0
    assert done.stdout == ""
    assert told in done.stderr


def test_a_port_in_use(run, folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("--listen-host=127.0.0.1", f"--port={port}", "--storage=local",
                   f"--storage-local-rootdir={folder}")
    assert done.returncode != 0
    assert str(port) in done.stderr and "in use" in done.stderr


def test_two_servers_never_share_a_port(museum, run, folder):
    done = run("--listen-host=127.0.0.1", f"--port={museum.port}", "--storage=local",
               f"--storage-local-rootdir={folder}")
    assert done.returncode != 0
    assert "in use" in done.stderr


def test_a_root_that_is_no_folder(run, folder):
    file = folder / "file"
    file.write_text("")
    done = run(f"--port={free_port()}", "--storage=local", f"--storage-local-rootdir={file}")
    assert done.returncode != 0
    assert "is not a folder" in done.stderr
    assert "--storage-local-rootdir" in done.stderr


def test_help_and_version(run):
    helped = run("--help")
    assert helped.returncode == 0
    assert "--storage-local-rootdir" in helped.stdout
    versioned = run("--version")
    assert versioned.returncode == 0
    assert versioned.stdout.strip()


def test_the_environment_configures_it_too(start_museum):
    museum = start_museum(variables={"DEPTH": "1", "CONTEXT_PATH": "/x"})
    assert museum.get("/x/org1/index.yaml").status_code == 200


def test_the_log_says_where_it_listens_and_what_it_served(start_museum):
    museum = start_museum("--log-json")
    museum.get("/index.yaml?secret=1", headers={"X-Request-Id": "mine"})
    museum.stop()
    lines = [json.loads(line) for line in museum.log().splitlines()]
    started = next(line for line in lines if line["M"] == "Starting ChartMuseum")
    assert (started["host"], started["port"]) == ("127.0.0.1", museum.port)
    served = next(line for line in lines
                  if line["M"] == "Request served" or "Request served" in line["M"])
    assert (served["path"], served["statusCode"], served["method"], served["reqID"]) == (
        "/index.yaml", 200, "GET", "mine")


def test_health_is_logged_only_on_demand(start_museum):
    quiet, loud = start_museum(), start_museum("--log-health")
    for museum in (quiet, loud):
        museum.get("/health")
        museum.stop()
    assert "/health" not in quiet.log()
    assert "/health" in loud.log()
