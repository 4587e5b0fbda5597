# SPDX-License-Identifier: Apache-2.0
"""A museum on a bucket, on each of the clouds' servers that run here."""

import concurrent.futures
import uuid

import pytest
import requests

from museum import eventually
from packages import large_package, package, provenance


def test_serves_helm(helm, cloud, start_cloud_museum, tmp_path):
    museum = start_cloud_museum(cloud)
    first, second = package("alpha", "1.0.0"), package("alpha", "1.1.0+build.5")
    assert museum.push_form({"chart": first, "prov": provenance(first, "alpha", "1.0.0")}).status_code == 201
    assert museum.push(second).status_code == 201
    helm("repo", "add", "museum", museum.url)
    assert helm.search("museum/") == [("museum/alpha", "1.1.0+build.5"), ("museum/alpha", "1.0.0")]
    helm("pull", "museum/alpha", "--version", "1.1.0+build.5", "-d", tmp_path)
    assert (tmp_path / "alpha-1.1.0+build.5.tgz").read_bytes() == second
    assert museum.get("/charts/alpha-1.0.0.tgz.prov").content == provenance(first, "alpha", "1.0.0")

    assert museum.request("DELETE", "/api/charts/alpha/1.0.0").status_code == 200
    helm("repo", "update")
    assert helm.search("museum/") == [("museum/alpha", "1.1.0+build.5")]
    assert museum.get("/charts/alpha-1.0.0.tgz").status_code == 404
    assert museum.get("/charts/alpha-1.0.0.tgz.prov").status_code == 404


def test_has_all_again_after_a_restart(cloud, start_cloud_museum):
    museum = start_cloud_museum(cloud, "--depth=1")
    for number in range(5):
        assert museum.push(package("alpha", f"1.0.{number}"), repo="team").status_code == 201
    index = museum.get("/team/index.yaml").content
    assert museum.stop() == 0
    again = start_cloud_museum(cloud, "--depth=1", prefix=museum.prefix)
    without_time = [line for line in index.splitlines() if not line.startswith(b"generated:")]
    assert [line for line in again.get("/team/index.yaml").content.splitlines()
            if not line.startswith(b"generated:")] == without_time
    assert again.versions("te") == {}  # whose name is the beginning of another


def test_keeps_what_it_acknowledged_through_kill_9(cloud, start_cloud_museum):
    museum = start_cloud_museum(cloud)
    acknowledged = []
    with concurrent.futures.ThreadPoolExecutor(4) as clients:
        def push(number):
            try:
                answer = requests.post(f"{museum.url}/api/charts", timeout=60,
                                       data=large_package("alpha", f"1.0.{number}", 200_000))
            except requests.ConnectionError:
                return
            if answer.status_code == 201:
                acknowledged.append(f"1.0.{number}")
                if len(acknowledged) == 8:
                    museum.kill()
        list(clients.map(push, range(40)))
    again = start_cloud_museum(cloud, prefix=museum.prefix)
    assert len(acknowledged) >= 8
    assert set(acknowledged) <= set(again.versions()["alpha"])
    for version in again.versions()["alpha"]:
        assert again.get(f"/charts/alpha-{version}.tgz").status_code == 200


def test_shows_what_another_replica_pushed(cloud, start_cloud_museum):
    first = start_cloud_museum(cloud, "--cache-interval=1s")
    second = start_cloud_museum(cloud, "--cache-interval=1s", prefix=first.prefix)
    assert second.versions() == {}
    assert first.push(package("alpha", "1.0.0")).status_code == 201
    eventually(lambda: second.versions() == {"alpha": ["1.0.0"]}, "the other one shows it")
    assert first.index()["entries"] == second.index()["entries"]


def test_refuses_what_another_replica_has(cloud, start_cloud_museum):
    first = start_cloud_museum(cloud)
    second = start_cloud_museum(cloud, prefix=first.prefix)
    assert second.versions() == {}
    assert first.push(package("alpha", "1.0.0")).status_code == 201
    assert second.push(package("alpha", "1.0.0", description="another")).status_code == 409


def test_lets_one_of_many_replicas_win(start_cloud_museum, azurite):
    museums = [start_cloud_museum(azurite)]
    museums += [start_cloud_museum(azurite, prefix=museums[0].prefix) for _ in range(3)]
    for number in range(5):
        candidates = [package("alpha", f"1.0.{number}", description=f"of {at}") for at in range(len(museums))]
        with concurrent.futures.ThreadPoolExecutor(len(museums)) as clients:
            statuses = list(clients.map(lambda pair: pair[0].push(pair[1]).status_code, zip(museums, candidates)))
        assert sorted(statuses) == [201, 409, 409, 409]
        stored = museums[0].get(f"/charts/alpha-1.0.{number}.tgz").content
        assert stored == candidates[statuses.index(201)]


def test_lists_more_objects_than_any_page_has(start_cloud_museum, azurite):
    museum = start_cloud_museum(azurite, "--max-storage-objects=0")
    with concurrent.futures.ThreadPoolExecutor(8) as clients:
        done = list(clients.map(lambda number: museum.push(package(f"c{number % 50}", f"1.0.{number}")).status_code,
                                range(300)))
    assert set(done) == {201}
    museum.stop()
    again = start_cloud_museum(azurite, "--disable-statefiles", prefix=museum.prefix)
    assert sum(len(versions) for versions in again.versions().values()) == 300


@pytest.fixture
def far(put_proxy_before, start_cloud_museum):
    """Starts museums on a server that can be made to fail: (museum, proxy)."""
    def start(server, *options, **how):
        proxy = put_proxy_before(server)
        return start_cloud_museum(server, *options, through=proxy, **how), proxy
    return start


def test_a_restart_costs_one_list_and_one_get(cloud, far, start_cloud_museum, put_proxy_before):
    museum, proxy = far(cloud)
    for number in range(10):
        museum.push(package("alpha", f"1.0.{number}"))
    museum.stop()
    proxy.forget_calls()
    again = start_cloud_museum(cloud, prefix=museum.prefix, through=proxy)
    assert len(again.versions()["alpha"]) == 10
    assert proxy.calls()["by_method"] == {"GET": 2}


def test_reads_cost_the_bucket_no_list(cloud, far):
    museum, proxy = far(cloud)
    museum.push(package("alpha", "1.0.0"))
    museum.versions()
    proxy.forget_calls()
    for _ in range(20):
        museum.versions()
    assert proxy.calls()["total"] == 0


def test_serves_what_it_has_while_the_bucket_is_gone(cloud, far):
    museum, proxy = far(cloud, "--cache-interval=1s")
    cached = package("alpha", "1.0.0")
    museum.push(cached)
    museum.push(package("beta", "1.0.0"))
    assert museum.get("/charts/alpha-1.0.0.tgz").content == cached
    proxy.fail("reset", times=0)

    assert museum.versions() == {"alpha": ["1.0.0"], "beta": ["1.0.0"]}
    assert museum.get("/charts/alpha-1.0.0.tgz").content == cached
    refused = museum.push(package("gamma", "1.0.0"))
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
    assert museum.get("/health").status_code == 200
    assert museum.versions() == {"alpha": ["1.0.0"], "beta": ["1.0.0"]}

    proxy.heal()
    eventually(lambda: museum.push(package("gamma", "1.0.0")).status_code in (201, 409), "pushes are taken again")
    assert sorted(museum.versions()) == ["alpha", "beta", "gamma"]


def test_starts_without_its_bucket_and_finds_it_later(cloud, put_proxy_before, start_cloud_museum):
    proxy = put_proxy_before(cloud)
    proxy.fail("answer", times=0, status=503)
    museum = start_cloud_museum(cloud, through=proxy)  # which waits for /health
    refused = museum.get("/index.yaml")
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
    proxy.heal()
    eventually(lambda: museum.get("/index.yaml").status_code == 200, "the index is there")


@pytest.mark.parametrize("size", [10_000, 5_000_000])
def test_a_download_survives_a_connection_that_breaks(cloud, far, size):
    museum, proxy = far(cloud, "--package-cache-size=0")
    chart = large_package("alpha", "1.0.0", size)
    assert museum.push(chart).status_code == 201
    proxy.fail("truncate", method="GET", path="alpha-1.0.0.tgz", bytes=size // 2)
    assert museum.get("/charts/alpha-1.0.0.tgz").content == chart


def test_a_push_whose_answer_is_lost_is_not_lost(cloud, far):
    museum, proxy = far(cloud)
    proxy.fail("lose_response", path="alpha-1.0.0.tgz", times=1)
    assert museum.push(package("alpha", "1.0.0")).status_code == 201
    assert museum.versions() == {"alpha": ["1.0.0"]}


def test_many_who_want_one_package_cost_one_fetch(far, s3rver):
    museum, proxy = far(s3rver)
    chart = large_package("alpha", "1.0.0", 3_000_000)
    museum.push(chart)
    museum.stop()
    again, proxy = far(s3rver, prefix=museum.prefix)
    again.versions()
    proxy.forget_calls()
    proxy.set_delay(50)
    with concurrent.futures.ThreadPoolExecutor(50) as clients:
        contents = set(clients.map(lambda _: requests.get(f"{again.url}/charts/alpha-1.0.0.tgz", timeout=60).content,
                                   range(200)))
    assert contents == {chart}
    assert proxy.calls()["by_method"]["GET"] == 1


def test_wrong_credentials_are_said_and_survived(start_cloud_museum, s3rver):
    museum = start_cloud_museum(s3rver, variables={"AWS_SECRET_ACCESS_KEY": "wrong-and-secret"})
    assert museum.get("/index.yaml").status_code >= 500
    assert museum.push(package("alpha", "1.0.0")).status_code >= 500
    eventually(lambda: "check the secret key" in museum.log(), "the log says it")
    assert "wrong-and-secret" not in museum.log()
    assert museum.alive() and museum.get("/health").status_code == 200


def test_a_missing_bucket_is_said_and_survived(start_cloud_museum, s3rver):
    museum = start_cloud_museum(s3rver, "--storage-amazon-bucket=nowhere-to-be-found")
    assert museum.get("/index.yaml").status_code >= 500
    assert museum.get("/charts/alpha-1.0.0.tgz").status_code >= 500  # absent is another thing
    eventually(lambda: "nowhere-to-be-found" in museum.log(), "the log names it")
    assert museum.alive() and museum.get("/health").status_code == 200


@pytest.mark.parametrize("name", ["s3rver", "azurite"])
def test_redirects_downloads_to_the_bucket(request, name, start_cloud_museum):
    museum = start_cloud_museum(request.getfixturevalue(name), "--storage-redirect")
    chart = package("alpha", "1.0.0+b.1")
    museum.push(chart)
    answer = museum.get("/charts/alpha-1.0.0+b.1.tgz", allow_redirects=False)
    assert answer.status_code == 302
    assert museum.url not in answer.headers["Location"]
    assert requests.get(answer.headers["Location"], timeout=60).content == chart
    assert museum.get("/charts/beta-1.0.0.tgz", allow_redirects=False).status_code == 404
    signature = answer.headers["Location"].rpartition("=")[2]
    assert signature not in museum.log()


def test_redirected_helm_pulls(helm, start_cloud_museum, azurite, tmp_path):
    museum = start_cloud_museum(azurite, "--storage-redirect")
    museum.push(package("alpha", "1.0.0"))
    helm("repo", "add", "museum", museum.url)
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").read_bytes() == package("alpha", "1.0.0")


def test_packages_that_somebody_uploads_are_found(cloud, start_cloud_museum):
    """What another tool puts into the bucket, or the Go server has put there."""
    writer = start_cloud_museum(cloud, "--depth=1")
    writer.push(package("alpha", "1.0.0"), repo=uuid.uuid4().hex)
    reader = start_cloud_museum(cloud, "--always-regenerate-chart-index", prefix=writer.prefix)
    assert reader.versions() == {}
    flat = start_cloud_museum(cloud, prefix=writer.prefix)
    assert flat.push(package("beta", "1.0.0")).status_code == 201
    assert reader.versions() == {"beta": ["1.0.0"]}
