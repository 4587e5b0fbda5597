# SPDX-License-Identifier: Apache-2.0
"""Uploads: what is stored, what conflicts, what the limits say."""

import concurrent.futures
import hashlib
import threading

import pytest

from museum import eventually
from packages import package, provenance

CHART = package("alpha", "1.0.0")
OTHER = package("alpha", "1.0.0", description="the same version, other bytes")
PROVENANCE = provenance(CHART, "alpha", "1.0.0")


def stored(museum):
    """The packages and provenance files on disk, by name."""
    return {path.name: path.read_bytes() for path in museum.folder.rglob("*")
            if path.name.endswith((".tgz", ".prov"))}


def test_is_in_the_next_index_once_it_is_acknowledged(museum):
    for number in range(20):
        chart = package("alpha", f"1.0.{number}")
        assert museum.push(chart).status_code == 201
        newest = museum.index()["entries"]["alpha"][0]
        assert newest["version"] == f"1.0.{number}"
        assert newest["digest"] == hashlib.sha256(chart).hexdigest()


def test_is_stored_as_it_came(museum):
    museum.push(CHART)
    museum.request("POST", "/api/prov", data=PROVENANCE)
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART, "alpha-1.0.0.tgz.prov": PROVENANCE}


@pytest.mark.parametrize("content_type", [
    None, "application/gzip", "application/octet-stream", "application/x-www-form-urlencoded",
    "text/plain", "application/json"])
def test_takes_a_raw_package_under_any_content_type(museum, content_type):
    headers = {"Content-Type": content_type} if content_type else {}
    assert museum.push(CHART, headers=headers).status_code == 201
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART}


def test_takes_a_chunked_body(museum):
    pieces = (CHART[at:at + 100] for at in range(0, len(CHART), 100))
    assert museum.push(pieces).status_code == 201
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART}


@pytest.mark.parametrize("fields", [
    {"chart": CHART}, {"prov": PROVENANCE}, {"chart": CHART, "prov": PROVENANCE},
    {"prov": PROVENANCE, "chart": CHART}, {"chart": CHART, "unknown": b"x"}])
def test_takes_forms(museum, fields):
    answer = museum.push_form(fields)
    assert (answer.status_code, answer.json()) == (201, {"saved": True})
    expected = {"chart": ("alpha-1.0.0.tgz", CHART), "prov": ("alpha-1.0.0.tgz.prov", PROVENANCE)}
    assert stored(museum) == dict(expected[name] for name in fields if name in expected)


def test_takes_the_configured_form_fields_besides_the_usual(start_museum):
    museum = start_museum("--chart-post-form-field-name=package",
                          "--prov-post-form-field-name=signature")
    assert museum.push_form({"package": CHART, "signature": PROVENANCE}).status_code == 201
    second = package("alpha", "2.0.0")
    assert museum.push_form({"chart": second}).status_code == 201
    answer = museum.push_form({"file": CHART})
    assert (answer.status_code, answer.json()["error"]) == (
        400, "no package or provenance file found in form fields package and signature")


def test_looks_only_at_form_fields_that_are_files(museum):
    boundary = "limit"
    body = (b"--limit\r\nContent-Disposition: form-data; name=\"chart\"\r\n\r\n" + CHART +
            b"\r\n--limit--\r\n")
    answer = museum.push(body, headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    assert (answer.status_code, answer.json()["error"]) == (
        400, "no package or provenance file found in form fields chart and prov")


def test_never_replaces_a_version_unasked(museum):
    museum.push(CHART)
    answer = museum.push(OTHER)
    assert (answer.status_code, answer.json()) == (409, {"error": "file already exists"})
    answer = museum.push_form({"chart": OTHER})
    assert (answer.status_code, answer.json()) == (409, {"error": "chart already exists"})
    museum.request("POST", "/api/prov", data=PROVENANCE)
    answer = museum.request("POST", "/api/prov", data=PROVENANCE + b"\n")
    assert (answer.status_code, answer.json()) == (409, {"error": "file already exists"})
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART, "alpha-1.0.0.tgz.prov": PROVENANCE}


def test_stores_nothing_of_a_form_when_one_part_conflicts(museum):
    museum.request("POST", "/api/prov", data=PROVENANCE)
    answer = museum.push_form({"chart": CHART, "prov": PROVENANCE})
    assert (answer.status_code, answer.json()) == (409, {"error": "chart already exists"})
    assert stored(museum) == {"alpha-1.0.0.tgz.prov": PROVENANCE}
    assert museum.versions() == {}


@pytest.mark.parametrize("query", ["?force", "?force=", "?force=true", "?force=false"])
def test_replaces_a_version_by_force(museum, query):
    museum.push(CHART)
    assert museum.push(OTHER, query=query).status_code == 201
    assert stored(museum) == {"alpha-1.0.0.tgz": OTHER}
    assert museum.index()["entries"]["alpha"][0]["digest"] == hashlib.sha256(OTHER).hexdigest()


def test_can_be_told_never_to_replace(start_museum):
    museum = start_museum("--disable-force-overwrite")
    museum.push(CHART)
    assert museum.push(OTHER, query="?force").status_code == 409
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART}


def test_can_be_told_always_to_replace(start_museum):
    museum = start_museum("--allow-overwrite")
    museum.push(CHART)
    assert museum.push(OTHER).status_code == 201
    assert museum.push_form({"chart": CHART}).status_code == 201
    assert stored(museum) == {"alpha-1.0.0.tgz": CHART}


def test_of_one_version_from_32_clients_at_once_succeeds_once(museum):
    charts = [package("alpha", "1.0.0", description=f"from client {n}") for n in range(32)]
    barrier = threading.Barrier(len(charts))

    def push(chart):
        barrier.wait()
        return museum.push(chart).status_code

    with concurrent.futures.ThreadPoolExecutor(len(charts)) as clients:
        statuses = list(clients.map(push, charts))
    assert sorted(statuses) == [201] + [409] * 31
    winner = charts[statuses.index(201)]
    assert stored(museum) == {"alpha-1.0.0.tgz": winner}
    assert [entry["digest"] for entry in museum.index()["entries"]["alpha"]] == [
        hashlib.sha256(winner).hexdigest()]


def test_of_many_versions_at_once_all_succeed(museum):
    charts = {f"0.{n}.0": package("alpha", f"0.{n}.0") for n in range(100)}
    with concurrent.futures.ThreadPoolExecutor(16) as clients:
        answers = list(clients.map(museum.push, charts.values()))
    assert {answer.status_code for answer in answers} == {201}
    assert set(museum.versions()["alpha"]) == set(charts)


def test_stops_at_the_limit_of_objects(start_museum):
    museum = start_museum("--max-storage-objects=2")
    full = {"error": "repo has reached storage limit"}
    museum.push(CHART)
    museum.request("POST", "/api/prov", data=PROVENANCE)
    answer = museum.push(package("beta", "1.0.0"))
    assert (answer.status_code, answer.json()) == (507, full)
    answer = museum.push_form({"chart": package("beta", "1.0.0")})
    assert (answer.status_code, answer.json()) == (507, full)
    assert museum.push(OTHER, query="?force").status_code == 201
    assert set(stored(museum)) == {"alpha-1.0.0.tgz", "alpha-1.0.0.tgz.prov"}


def test_lets_the_oldest_version_go_at_the_limit_per_chart(start_museum):
    museum = start_museum("--per-chart-limit=2")
    for version in ("1.0.0", "3.0.0", "2.0.0"):
        chart = package("alpha", version)
        assert museum.push_form({"chart": chart, "prov": provenance(chart, "alpha", version)}
                                ).status_code == 201
        assert museum.push(package("alphabet", version)).status_code == 201
    assert museum.versions() == {"alpha": ["3.0.0", "2.0.0"], "alphabet": ["3.0.0", "2.0.0"]}
    assert {name for name in stored(museum) if name.startswith("alpha-")} == {
        "alpha-2.0.0.tgz", "alpha-2.0.0.tgz.prov", "alpha-3.0.0.tgz", "alpha-3.0.0.tgz.prov"}


def test_can_insist_on_strict_versions(start_museum):
    museum = start_museum("--enforce-semver2")
    assert museum.push(package("alpha", "v1.0")).status_code == 400
    assert museum.push(package("alpha", "1.0.0")).status_code == 201
    assert museum.versions() == {"alpha": ["1.0.0"]}


def test_takes_a_provenance_file_with_windows_line_ends(museum):
    museum.push(CHART)
    answer = museum.request("POST", "/api/prov", data=PROVENANCE.replace(b"\n", b"\r\n"))
    assert answer.status_code == 201
    assert set(stored(museum)) == {"alpha-1.0.0.tgz", "alpha-1.0.0.tgz.prov"}


def test_goes_away_with_its_provenance(museum):
    museum.push_form({"chart": CHART, "prov": PROVENANCE})
    assert museum.request("DELETE", "/api/charts/alpha/1.0.0").status_code == 200
    assert stored(museum) == {}
    assert museum.versions() == {}
    assert museum.get("/charts/alpha-1.0.0.tgz").status_code == 404
    assert museum.push(CHART).status_code == 201


def test_leaves_no_temporary_files(museum):
    museum.push(CHART)
    museum.push(OTHER)
    museum.push(OTHER, query="?force")
    museum.push(b"garbage")
    left = {"alpha-1.0.0.tgz", "index-cache.yaml"}  # the statefile is written a little later
    eventually(lambda: {path.name for path in museum.folder.iterdir()} <= left,
               "nothing but the package and the statefile is in the folder")


def test_is_refused_without_the_api_and_deletes_without_deletion(start_museum):
    closed = start_museum("--disable-api")
    assert closed.push(CHART).status_code == 404
    assert closed.get("/api/charts").status_code == 404
    assert closed.get("/index.yaml").status_code == 200
    museum = start_museum("--disable-delete")
    assert museum.push(CHART).status_code == 201
    assert museum.request("DELETE", "/api/charts/alpha/1.0.0").status_code == 405
