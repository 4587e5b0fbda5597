# SPDX-License-Identifier: Apache-2.0
"""What people do with Helm, done with the real clients."""

import hashlib
import shutil
import subprocess

import pytest

from museum import eventually
from packages import package


def curl(*arguments):
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    return subprocess.run(["curl", "--silent", "--show-error", "--fail", *map(str, arguments)],
                          capture_output=True, text=True, check=True).stdout


def test_adds_updates_searches_and_pulls(helm, museum, tmp_path):
    museum.push(package("alpha", "1.0.0"))
    helm("repo", "add", "museum", museum.url)
    assert helm.search("museum/") == [("museum/alpha", "1.0.0")]

    newer = package("alpha", "1.1.0-rc.1+build.5")
    museum.push(newer)
    museum.push(package("beta", "0.9.0"))
    helm("repo", "update")
    assert helm.search("museum/") == [("museum/alpha", "1.1.0-rc.1+build.5"),
                                      ("museum/alpha", "1.0.0"), ("museum/beta", "0.9.0")]

    helm("pull", "museum/alpha", "--version", "1.1.0-rc.1+build.5", "-d", tmp_path)
    pulled = list(tmp_path.glob("alpha-*.tgz"))
    assert [path.read_bytes() for path in pulled] == [newer]


def test_sees_a_deleted_version_go(helm, museum):
    museum.push(package("alpha", "1.0.0"))
    museum.push(package("alpha", "2.0.0"))
    helm("repo", "add", "museum", museum.url)
    assert museum.request("DELETE", "/api/charts/alpha/2.0.0").status_code == 200
    helm("repo", "update")
    assert helm.search("museum/alpha") == [("museum/alpha", "1.0.0")]


def test_takes_charts_that_helm_made_and_signed_and_lets_helm_verify_them(
        helm, museum, tmp_path, signing_key):
    name, secret, public = signing_key
    helm("create", "signed", cwd=tmp_path)
    helm("package", "signed", "--sign", "--key", name, "--keyring", secret, cwd=tmp_path)
    chart = tmp_path / "signed-0.1.0.tgz"
    curl("-F", f"chart=@{chart}", "-F", f"prov=@{chart}.prov", f"{museum.url}/api/charts")

    helm("repo", "add", "museum", museum.url)
    target = tmp_path / "pulled"
    target.mkdir()
    helm("pull", "museum/signed", "--verify", "--keyring", public, "-d", target)
    assert (target / "signed-0.1.0.tgz").read_bytes() == chart.read_bytes()


def test_lets_helm_notice_a_package_that_is_not_the_signed_one(
        helm, museum, tmp_path, signing_key):
    name, secret, public = signing_key
    helm("create", "signed", cwd=tmp_path)
    helm("package", "signed", "--sign", "--key", name, "--keyring", secret, cwd=tmp_path)
    chart = tmp_path / "signed-0.1.0.tgz"
    curl("--data-binary", f"@{chart}.prov", f"{museum.url}/api/prov")
    museum.push(package("signed", "0.1.0"))

    helm("repo", "add", "museum", museum.url)
    pull = helm.run("pull", "museum/signed", "--verify", "--keyring", public, "-d", tmp_path / "x")
    assert pull.returncode != 0


def test_resolves_dependencies(helm, museum, tmp_path):
    for version in ("1.2.3", "1.3.0", "2.0.0"):
        museum.push(package("library", version))
    parent = tmp_path / "parent"
    (parent / "templates").mkdir(parents=True)
    (parent / "Chart.yaml").write_text(
        "apiVersion: v2\nname: parent\nversion: 1.0.0\n"
        f"dependencies:\n- name: library\n  version: ^1.2.0\n  repository: {museum.url}\n")
    helm("dependency", "update", parent)
    assert [path.name for path in (parent / "charts").iterdir()] == ["library-1.3.0.tgz"]
    helm("repo", "add", "museum", museum.url)  # which "build" insists on
    helm("dependency", "build", parent)

    # What Helm packs with its dependencies inside is a package for the museum again.
    helm("package", parent, "-d", tmp_path)
    packed = (tmp_path / "parent-1.0.0.tgz").read_bytes()
    assert museum.push(packed).status_code == 201
    entry = museum.index()["entries"]["parent"][0]
    assert entry["digest"] == hashlib.sha256(packed).hexdigest()
    assert entry["dependencies"][0]["version"] == "^1.2.0"


@pytest.mark.parametrize("options, repo", [
    (["--depth=1"], "org1"), (["--depth=2"], "org1/repoa"), (["--depth-dynamic"], "a/b/c"),
    (["--depth=1", "--context-path=/helm/charts"], "org1")])
def test_works_below_a_repository_s_path(helm, start_museum, tmp_path, options, repo):
    museum = start_museum(*options)
    context = "/helm/charts" if len(options) > 1 else ""
    url = f"{museum.url}{context}"
    pushed = museum.session.post(f"{url}/api/{repo}/charts", data=package("alpha", "1.0.0"))
    assert pushed.status_code == 201
    helm("repo", "add", "museum", f"{url}/{repo}")
    assert helm.search("museum/") == [("museum/alpha", "1.0.0")]
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").is_file()


def test_reads_an_index_in_json(helm, start_museum, tmp_path):
    museum = start_museum("--json-index")
    museum.push(package("alpha", "1.0.0"))
    helm("repo", "add", "museum", museum.url)
    assert helm.search("museum/") == [("museum/alpha", "1.0.0")]
    helm("pull", "museum/alpha", "-d", tmp_path)
    assert (tmp_path / "alpha-1.0.0.tgz").is_file()


def test_pulls_from_where_chart_url_points(helm, start_museum, tmp_path):
    origin = start_museum()
    origin.push(package("alpha", "1.0.0"))
    # A second server of the same folder, which sends clients to the first.
    front = start_museum(f"--chart-url={origin.url}")
    helm("repo", "add", "museum", front.url)
    front_entry = front.index()["entries"]["alpha"][0]
    assert front_entry["urls"] == [f"{origin.url}/charts/alpha-1.0.0.tgz"]
    helm("pull", "museum/alpha", "-d", tmp_path)
    eventually(lambda: "/charts/alpha-1.0.0.tgz" in origin.log(), "the origin logs the request")
