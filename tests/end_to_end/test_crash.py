# SPDX-License-Identifier: Apache-2.0
"""Ends, expected and not: what was acknowledged stays, and nothing half-written is served."""

import concurrent.futures
import hashlib
import itertools
import random
import signal
import threading
import time

import requests

from museum import PATIENCE, eventually, receive
from packages import large_package, package, provenance


def storm(museum, sequence, acknowledged, sent, stop):
    """Pushes charts of many sizes until told to stop, and notes which the server confirmed."""
    session = requests.Session()
    session.trust_env = False
    while not stop.is_set():
        number = next(sequence)
        version = f"1.0.{number}"
        chart = large_package("storm", version, 200 * (1 + number % 500))
        sent[version] = chart
        try:
            if number % 3 == 0:
                signature = provenance(chart, "storm", version)
                answer = session.post(museum.url + "/api/charts", timeout=PATIENCE,
                                      files={"chart": ("c", chart), "prov": ("p", signature)})
            else:
                answer = session.post(museum.url + "/api/charts", data=chart, timeout=PATIENCE)
        except requests.RequestException:
            return  # killed; whether it was stored is not known
        assert answer.status_code == 201, answer.text
        acknowledged.add(version)


def test_kill_during_a_storm_of_pushes_loses_nothing(start_museum, folder):
    museum = start_museum()
    sequence, sent, acknowledged = itertools.count(), {}, set()
    chance = random.Random(20)
    for round_number in range(20):
        before = len(acknowledged)
        stop = threading.Event()
        with concurrent.futures.ThreadPoolExecutor(8) as clients:
            storms = [clients.submit(storm, museum, sequence, acknowledged, sent, stop)
                      for _ in range(8)]
            eventually(lambda: len(acknowledged) > before, "the storm has begun")
            time.sleep(chance.uniform(0, 0.5))
            museum.kill()
            stop.set()
            for done in storms:
                done.result()
        museum.start()

        entries = {entry["version"]: entry for entry in museum.index()["entries"]["storm"]}
        assert acknowledged <= entries.keys(), f"round {round_number}"
        for version, entry in entries.items():
            assert entry["digest"] == hashlib.sha256(sent[version]).hexdigest()
        whole = {f"storm-{version}.tgz": chart for version, chart in sent.items()}
        for path in folder.glob("*.tgz"):
            assert path.read_bytes() == whole[path.name], f"{path.name} is half-written"
    for version in acknowledged:
        assert museum.get(f"/charts/storm-{version}.tgz").content == sent[version]

    # What the kills left behind, if anything, is gone after an orderly run.
    museum.push(package("calm", "1.0.0"))
    assert museum.stop() == 0
    assert acknowledged <= set(museum.start().versions()["storm"])


def test_kill_during_a_storm_of_deletes_and_pushes_leaves_a_consistent_index(
        start_museum, folder):
    museum = start_museum("--allow-overwrite")
    charts = [package("alpha", f"1.0.{n}") for n in range(10)]

    def shuffle(seed):
        chance = random.Random(seed)
        try:
            while True:
                number = chance.randrange(10)
                if chance.random() < 0.5:
                    museum.push(charts[number])
                else:
                    museum.request("DELETE", f"/api/charts/alpha/1.0.{number}")
        except requests.RequestException:
            pass

    for round_number in range(5):
        with concurrent.futures.ThreadPoolExecutor(4) as clients:
            for n in range(4):
                clients.submit(shuffle, 10 * round_number + n)
            time.sleep(0.3)
            museum.kill()
        museum.start()
        listed = {f"alpha-{version}.tgz" for version in museum.versions().get("alpha", [])}
        assert listed == {path.name for path in folder.glob("*.tgz")}


def test_sigterm_lets_requests_in_flight_end(start_museum):
    museum = start_museum()
    chart = large_package("alpha", "1.0.0", 500_000)
    with museum.connect() as connection:
        connection.sendall(b"POST /api/charts HTTP/1.1\r\nHost: m\r\nContent-Length: " +
                           str(len(chart)).encode() + b"\r\n\r\n" + chart[:1000])
        time.sleep(0.2)  # so that the request is in flight
        museum.process.send_signal(signal.SIGTERM)
        eventually(lambda: "Stopping" in museum.log(), "the server is stopping")
        connection.sendall(chart[1000:])
        status, _ = receive(connection)
    assert status == 201
    assert museum.process.wait(PATIENCE) == 0
    museum.start()
    assert museum.versions() == {"alpha": ["1.0.0"]}


def test_sigterm_among_many_requests_ends_with_0_and_cuts_no_answer(start_museum):
    museum = start_museum()
    chart = large_package("alpha", "1.0.0", 1_000_000)
    museum.push(chart)
    cut = []

    def pull():
        while True:
            try:
                answer = requests.get(museum.url + "/charts/alpha-1.0.0.tgz", timeout=PATIENCE)
            except requests.exceptions.ChunkedEncodingError as failure:
                cut.append(failure)
                return
            except requests.ConnectionError:
                return  # it listens no more
            if answer.content != chart:
                cut.append(answer)

    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        for _ in range(8):
            clients.submit(pull)
        time.sleep(0.5)
        assert museum.stop() == 0
    assert cut == []


def test_sigint_ends_it_too(museum):
    assert museum.stop(signal.SIGINT) == 0


def test_a_second_signal_ends_it_at_once(start_museum):
    museum = start_museum()
    with museum.connect() as connection:
        connection.sendall(b"POST /api/charts HTTP/1.1\r\nHost: m\r\nContent-Length: 9\r\n\r\nx")
        time.sleep(0.2)
        museum.process.send_signal(signal.SIGTERM)
        eventually(lambda: "Stopping" in museum.log(), "the server is stopping")
        assert museum.alive()
        museum.process.send_signal(signal.SIGTERM)
        assert museum.process.wait(PATIENCE) == 128 + signal.SIGTERM


def test_clients_that_go_away_harm_nobody(museum):
    museum.push(large_package("alpha", "1.0.0", 2_000_000))
    for _ in range(50):
        with museum.connect() as connection:
            connection.sendall(b"GET /charts/alpha-1.0.0.tgz HTTP/1.1\r\nHost: m\r\n\r\n")
            connection.recv(100)
    assert museum.alive()
    assert museum.versions() == {"alpha": ["1.0.0"]}


GO_STATEFILE = """apiVersion: v1
entries:
  alpha:
  - apiVersion: v2
    created: "2020-01-02T03:04:05.678Z"
    description: from an old statefile
    digest: {digest}
    name: alpha
    urls:
    - http://old.example.com/charts/alpha-1.0.0.tgz
    version: 1.0.0
  gone:
  - apiVersion: v2
    created: "2020-01-02T03:04:05Z"
    digest: 0000000000000000000000000000000000000000000000000000000000000000
    name: gone
    urls:
    - charts/gone-1.0.0.tgz
    version: 1.0.0
generated: "2020-01-02T03:04:05Z"
serverInfo: {{}}
"""


def test_a_statefile_of_the_go_server_is_taken_but_storage_is_the_truth(start_museum, folder):
    chart = package("alpha", "1.0.0")
    (folder / "alpha-1.0.0.tgz").write_bytes(chart)
    (folder / "beta-1.0.0.tgz").write_bytes(package("beta", "1.0.0"))
    (folder / "index-cache.yaml").write_text(
        GO_STATEFILE.format(digest=hashlib.sha256(chart).hexdigest()))
    museum = start_museum()
    assert museum.versions() == {"alpha": ["1.0.0"], "beta": ["1.0.0"]}
    entry = museum.index()["entries"]["alpha"][0]
    assert entry["urls"] == ["charts/alpha-1.0.0.tgz"]
    assert entry["digest"] == hashlib.sha256(chart).hexdigest()


def test_any_other_statefile_is_ignored(start_museum, folder):
    (folder / "alpha-1.0.0.tgz").write_bytes(package("alpha", "1.0.0"))
    for content in (b"", b"\x00\xff garbage", b"- a list", b"entries: 5", b"{}", b"entries:\n  alpha:",
                    b"entries:\n  alpha:\n  - null\n", b"entries: {alpha: [{name: [], urls: 7}]}",
                    GO_STATEFILE[:150].encode(), b"[" * 100_000):
        (folder / "index-cache.yaml").write_bytes(content)
        museum = start_museum()
        assert museum.versions() == {"alpha": ["1.0.0"]}
        assert museum.stop() == 0


def test_the_statefile_is_an_index_that_both_servers_read(start_museum, folder):
    from museum import load_yaml
    museum = start_museum()
    museum.push(package("alpha", "1.0.0"))
    assert museum.stop() == 0
    state = load_yaml((folder / "index-cache.yaml").read_bytes())
    assert state["apiVersion"] == "v1"
    assert [entry["version"] for entry in state["entries"]["alpha"]] == ["1.0.0"]
    # It makes the next start cheap, and losing it costs nothing but time.
    museum.start()
    assert museum.versions() == {"alpha": ["1.0.0"]}
    museum.stop()
    (folder / "index-cache.yaml").unlink()
    museum.start()
    assert museum.versions() == {"alpha": ["1.0.0"]}


def test_without_statefiles_none_is_written(start_museum, folder):
    museum = start_museum("--disable-statefiles")
    museum.push(package("alpha", "1.0.0"))
    assert museum.stop() == 0
    assert [path.name for path in folder.iterdir()] == ["alpha-1.0.0.tgz"]
