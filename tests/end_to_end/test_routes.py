# SPDX-License-Identifier: Apache-2.0
"""Every route of the contract, asked for with curl, wherever a repository may lie."""

import base64
import dataclasses
import hashlib
import json
import shutil
import subprocess

import pytest

from museum import load_yaml
from packages import package, provenance

CHART = package("alpha", "1.2.3")
NEWER = package("alpha", "2.0.0-rc.1+b.1")
BARE = package("bare", "1.0.0", {})
PROVENANCE = provenance(CHART, "alpha", "1.2.3")
JSON = "application/json; charset=utf-8"


@dataclasses.dataclass
class Answer:
    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        assert self.headers["content-type"] == JSON
        return json.loads(self.body)


def curl(method, url, *options):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    how = ["--head"] if method == "HEAD" else ["--request", method]
    raw = subprocess.run(["curl", "--silent", "--show-error", "--path-as-is", "--include",
                          "--http1.1", "--header", "Expect:", *how, *options, url],
                         capture_output=True, check=True).stdout
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *fields = head.decode().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in
               (field.partition(":") for field in fields)}
    return Answer(int(status.split()[1]), headers, body)


@dataclasses.dataclass
class Site:
    """A museum with charts in one repository, and where that is."""
    root: str     # scheme, host, port
    context: str  # "/x" or ""
    repo: str     # "/org1" or ""
    folder: object

    def get(self, path, method="GET", *options):
        return curl(method, f"{self.root}{self.context}{path}", *options)

    def of_repo(self, path, method="GET", *options):
        return self.get(f"{self.repo}{path}", method, *options)

    def api(self, path, method="GET", *options):
        return self.get(f"/api{self.repo}{path}", method, *options)


SITES = {
    "depth 0": ([], "", ""),
    "depth 1": (["--depth=1"], "", "org1"),
    "depth 2": (["--depth=2"], "", "org1/repoa"),
    "depth 1, a repository called api": (["--depth=1"], "", "api"),
    "depth 1, a repository called charts": (["--depth=1"], "", "charts"),
    "depth 1, a repository called health": (["--depth=1"], "", "health"),
    "dynamic depth, at the root": (["--depth-dynamic"], "", ""),
    "dynamic depth": (["--depth-dynamic"], "", "a/b/c"),
    "depth 0 with a context path": (["--context-path=/x"], "/x", ""),
    "depth 2 with a context path": (["--depth=2", "--context-path=/x/y"], "/x/y", "org1/repoa"),
}


@pytest.fixture(params=SITES.values(), ids=SITES.keys())
def site(request, start_museum, folder):
    options, context, repo = request.param
    museum = start_museum(*options, f"--artifact-hub-repo-id={repo + '=' if repo else ''}id-1")
    repository = folder / repo
    repository.mkdir(parents=True, exist_ok=True)
    for name, content in {"alpha-1.2.3.tgz": CHART, "alpha-1.2.3.tgz.prov": PROVENANCE,
                          "alpha-2.0.0-rc.1+b.1.tgz": NEWER, "bare-1.0.0.tgz": BARE}.items():
        (repository / name).write_bytes(content)
    return Site(museum.url, context, f"/{repo}" if repo else "", repository)


def test_every_route_answers(site, tmp_path):
    welcome = site.get("/")
    assert (welcome.status, welcome.headers["content-type"]) == (200, "text/html")
    assert b"<title>Welcome to ChartMuseum!</title>" in welcome.body

    assert list(site.get("/info").json) == ["version"]
    assert site.get("/health").json == {"healthy": True}
    assert curl("GET", site.root + "/health").json == {"healthy": True}

    index = site.of_repo("/index.yaml")
    assert (index.status, index.headers["content-type"]) == (200, "application/x-yaml")
    document = load_yaml(index.body)
    assert list(document) == ["apiVersion", "entries", "generated", "serverInfo"]
    assert document["serverInfo"] == ({"contextPath": site.context} if site.context else {})
    assert [entry["version"] for entry in document["entries"]["alpha"]] == [
        "2.0.0-rc.1+b.1", "1.2.3"]
    assert document["entries"]["alpha"][1]["digest"] == hashlib.sha256(CHART).hexdigest()
    assert document["entries"]["alpha"][1]["urls"] == ["charts/alpha-1.2.3.tgz"]

    chart = site.of_repo("/charts/alpha-1.2.3.tgz")
    assert (chart.status, chart.headers["content-type"]) == (200, "application/x-tar")
    assert chart.body == CHART
    prov = site.of_repo("/charts/alpha-1.2.3.tgz.prov")
    assert (prov.status, prov.headers["content-type"]) == (200, "application/pgp-signature")
    assert prov.body == PROVENANCE

    hub = site.of_repo("/artifacthub-repo.yml")
    assert (hub.status, hub.headers["content-type"]) == (200, "application/x-yaml")
    assert hub.body == b"repositoryID: id-1\n"

    charts = site.api("/charts").json
    assert list(charts) == ["alpha", "bare"]
    assert site.api("/charts/alpha").json == charts["alpha"]
    assert site.api("/charts/alpha/1.2.3").json == charts["alpha"][1]
    assert charts["alpha"][1]["urls"] == ["charts/alpha-1.2.3.tgz"]

    templates = site.api("/charts/alpha/1.2.3/templates").json
    assert templates == {
        "templates": [{"name": "templates/service.yaml",
                       "data": base64.b64encode(b"kind: Service\n").decode()}],
        "values": {"replicas": 1}}
    values = site.api("/charts/alpha/1.2.3/values")
    assert (values.status, values.headers["content-type"]) == (200, "application/yaml")
    assert values.body == b"replicas: 1\n"

    new = package("new", "1.0.0")
    (tmp_path / "new.tgz").write_bytes(new)
    (tmp_path / "new.prov").write_bytes(provenance(new, "new", "1.0.0"))
    pushed = site.api("/charts", "POST", "--data-binary", f"@{tmp_path}/new.tgz")
    assert (pushed.status, pushed.json) == (201, {"saved": True})
    signed = site.api("/prov", "POST", "--data-binary", f"@{tmp_path}/new.prov")
    assert (signed.status, signed.json) == (201, {"saved": True})
    assert (site.folder / "new-1.0.0.tgz").read_bytes() == new
    deleted = site.api("/charts/new/1.0.0", "DELETE")
    assert (deleted.status, deleted.json) == (200, {"deleted": True})
    assert not list(site.folder.glob("new-*"))

    form = ["--form", f"chart=@{tmp_path}/new.tgz", "--form", f"prov=@{tmp_path}/new.prov"]
    both = site.api("/charts", "POST", *form)
    assert (both.status, both.json) == (201, {"saved": True})
    assert {path.name for path in site.folder.glob("new-*")} == {"new-1.0.0.tgz",
                                                                 "new-1.0.0.tgz.prov"}


def test_head_answers_as_get_does(site):
    paths = ["/", "/info", "/health", "/nowhere", f"{site.repo}/index.yaml",
             f"{site.repo}/charts/alpha-1.2.3.tgz", f"{site.repo}/charts/alpha-1.2.3.tgz.prov",
             f"{site.repo}/charts/absent-1.tgz", f"{site.repo}/artifacthub-repo.yml",
             f"/api{site.repo}/charts", f"/api{site.repo}/charts/alpha",
             f"/api{site.repo}/charts/absent", f"/api{site.repo}/charts/alpha/1.2.3",
             f"/api{site.repo}/charts/alpha/9.9.9", f"/api{site.repo}/charts/alpha/1.2.3/values",
             f"/api{site.repo}/charts/alpha/1.2.3/templates"]
    for path in paths:
        got, headed = site.get(path), site.get(path, "HEAD")
        for answer in (got, headed):
            answer.headers.pop("date", None)
            assert answer.headers.pop("x-request-id")
        assert (headed.status, headed.headers) == (got.status, got.headers), path
        assert int(got.headers["content-length"]) == len(got.body)
        assert headed.body == b""


def test_a_wrong_method_is_told_the_right_ones(site):
    for path, method, allow in [
            ("/health", "POST", "GET, HEAD"), (f"{site.repo}/index.yaml", "PUT", "GET, HEAD"),
            (f"/api{site.repo}/charts", "DELETE", "GET, HEAD, POST"),
            (f"/api{site.repo}/prov", "GET", "POST"),
            (f"/api{site.repo}/charts/alpha/1.2.3", "POST", "GET, HEAD, DELETE")]:
        answer = site.get(path, method)
        assert (answer.status, answer.headers["allow"]) == (405, allow), path
        assert "error" in answer.json


def test_unknown_things_are_404(site):
    for path, error in [
            ("/nowhere", "not found"), (f"{site.repo}/index.yaml/", "not found"),
            (f"{site.repo}/charts/absent-1.0.0.tgz", "object not found"),
            (f"{site.repo}/charts/absent-1.0.0.tgz.prov", "object not found"),
            (f"/api{site.repo}/charts/absent", "chart not found"),
            (f"/api{site.repo}/charts/absent/1.0.0", "no chart name found"),
            (f"/api{site.repo}/charts/alpha/9.9.9", "no chart version found for alpha-9.9.9"),
            (f"/api{site.repo}/charts/alpha/^3", "no chart version found for alpha-^3"),
            (f"/api{site.repo}/charts/absent/1.0.0/values", "no chart name found"),
            (f"/api{site.repo}/charts/alpha/9.9.9/templates",
             "no chart version found for alpha-9.9.9")]:
        answer = site.get(path)
        assert (answer.status, answer.json) == (404, {"error": error}), path
    assert site.api("/charts/absent/1.0.0", "DELETE").status == 404
    assert site.api("/charts/alpha/^1", "DELETE").status == 404  # exact versions only
    assert (site.folder / "alpha-1.2.3.tgz").is_file()
    if site.context:
        for path in ("/info", "/", f"{site.repo}/index.yaml", f"{site.context}z/info"):
            assert curl("GET", site.root + path).status == 404, path


def test_versions_are_found_by_text_constraint_and_latest(site):
    for wanted, found in [("1.2.3", "1.2.3"), ("v1.2.3", "1.2.3"), ("1", "1.2.3"),
                          ("1.x", "1.2.3"), ("^1.0.0", "1.2.3"), ("~1.2", "1.2.3"), ("*", "1.2.3"),
                          ("latest", "1.2.3"), ("2.0.0-rc.1+b.1", "2.0.0-rc.1+b.1"),
                          ("2.0.0-rc.1%2Bb.1", "2.0.0-rc.1+b.1"),
                          ("2.0.0-rc.1", "2.0.0-rc.1+b.1"), (">1.0.0-0", "2.0.0-rc.1+b.1")]:
        answer = site.api(f"/charts/alpha/{wanted}")
        assert (answer.status, answer.json["version"]) == (200, found), wanted


def test_lists_of_charts_come_in_pages(site):
    for query, names in [("", ["alpha", "bare"]), ("?limit=1", ["alpha"]),
                         ("?offset=1", ["bare"]), ("?offset=1&limit=5", ["bare"]),
                         ("?offset=0&limit=2", ["alpha", "bare"]), ("?offset=99", [])]:
        answer = site.api(f"/charts{query}")
        assert (answer.status, list(answer.json)) == (200, names), query
    for query, error in [("?offset=x", "offset is not a valid non-negative integer"),
                         ("?offset=", "offset is not a valid non-negative integer"),
                         ("?offset=-1&limit=0", "offset is not a valid non-negative integer"),
                         ("?limit=0", "limit is not a valid positive integer"),
                         ("?limit=", "limit is not a valid positive integer")]:
        answer = site.api(f"/charts{query}")
        assert (answer.status, answer.json) == (400, {"error": error}), query


def test_what_did_not_change_is_not_sent_again(site):
    for path in (f"{site.repo}/index.yaml", f"{site.repo}/charts/alpha-1.2.3.tgz",
                 f"/api{site.repo}/charts", f"/api{site.repo}/charts/alpha"):
        first = site.get(path)
        again = site.get(path, "GET", "--header", f"If-None-Match: {first.headers['etag']}")
        assert (again.status, again.body) == (304, b""), path


def test_packages_come_in_parts_too(site):
    chart = f"{site.repo}/charts/alpha-1.2.3.tgz"
    assert site.get(chart).headers["accept-ranges"] == "bytes"
    part = site.get(chart, "GET", "--range", "10-19")
    assert (part.status, part.body) == (206, CHART[10:20])
    assert part.headers["content-range"] == f"bytes 10-19/{len(CHART)}"


def test_every_answer_has_the_request_s_id(site):
    for path in ("/", "/health", "/nowhere", f"{site.repo}/index.yaml"):
        assert site.get(path, "GET", "--header", "X-Request-Id: mine-1").headers[
            "x-request-id"] == "mine-1"
        assert len(site.get(path).headers["x-request-id"]) == 36
