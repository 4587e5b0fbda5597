# SPDX-License-Identifier: Apache-2.0
"""What people and their scripts do to the folder shows in the index, at every depth."""

import hashlib
import os
import shutil
import subprocess

import pytest

from museum import eventually
from packages import large_package, package

DEPTHS = {"depth 0": ([], ""), "depth 1": (["--depth=1"], "org1"),
          "depth 2": (["--depth=2"], "org1/repoa"), "dynamic depth": (["--depth-dynamic"], "a/b/c")}


@pytest.fixture(params=DEPTHS.values(), ids=DEPTHS.keys())
def place(request, start_museum, folder):
    """A museum, the name of a repository in it that was already asked for, and its folder."""
    options, repo = request.param
    museum = start_museum(*options)
    repository = folder / repo
    repository.mkdir(parents=True, exist_ok=True)
    assert museum.versions(repo) == {}
    return museum, repo, repository


def shows(museum, repo, versions):
    eventually(lambda: museum.versions(repo) == versions, f"the index lists {versions}")


def run(*command):
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed")
    subprocess.run(command, check=True, capture_output=True)


def test_cp_mv_and_rm(place, tmp_path):
    museum, repo, folder = place
    for version in ("1.0.0", "2.0.0", "3.0.0"):
        (tmp_path / f"alpha-{version}.tgz").write_bytes(package("alpha", version))
    run("cp", tmp_path / "alpha-1.0.0.tgz", folder)
    shows(museum, repo, {"alpha": ["1.0.0"]})
    run("mv", tmp_path / "alpha-2.0.0.tgz", folder)
    shows(museum, repo, {"alpha": ["2.0.0", "1.0.0"]})
    run("ln", "-s", tmp_path / "alpha-3.0.0.tgz", folder)
    shows(museum, repo, {"alpha": ["3.0.0", "2.0.0", "1.0.0"]})
    run("mv", folder / "alpha-1.0.0.tgz", folder / "renamed.tgz")
    eventually(lambda: museum.index(repo)["entries"]["alpha"][-1]["urls"] == ["charts/renamed.tgz"],
               "the entry names the new file")
    run("rm", folder / "alpha-2.0.0.tgz", folder / "renamed.tgz")
    shows(museum, repo, {"alpha": ["3.0.0"]})
    run("rm", folder / "alpha-3.0.0.tgz")
    shows(museum, repo, {})


def test_rsync(place, tmp_path):
    museum, repo, folder = place
    for version in ("1.0.0", "2.0.0"):
        (tmp_path / f"alpha-{version}.tgz").write_bytes(package("alpha", version))
    run("rsync", "-a", f"{tmp_path}/", f"{folder}/")
    shows(museum, repo, {"alpha": ["2.0.0", "1.0.0"]})
    changed = package("alpha", "2.0.0", description="changed")
    (tmp_path / "alpha-2.0.0.tgz").write_bytes(changed)
    run("rsync", "-a", "--inplace", "--checksum", f"{tmp_path}/", f"{folder}/")
    eventually(lambda: museum.index(repo)["entries"]["alpha"][0]["digest"] ==
               hashlib.sha256(changed).hexdigest(), "the digest is of the new bytes")
    (tmp_path / "alpha-1.0.0.tgz").unlink()
    run("rsync", "-a", "--delete", "--exclude=index-cache.yaml", f"{tmp_path}/", f"{folder}/")
    shows(museum, repo, {"alpha": ["2.0.0"]})


def test_a_package_overwritten_in_place(place):
    museum, repo, folder = place
    path = folder / "alpha.tgz"
    for version in ("1.0.0", "2.0.0", "1.5.0"):
        path.write_bytes(package("alpha", version))
        shows(museum, repo, {"alpha": [version]})


def test_a_half_copied_package_shows_once_it_is_whole(place):
    museum, repo, folder = place
    chart = large_package("alpha", "1.0.0", 300_000)
    with open(folder / "alpha-1.0.0.tgz", "wb", buffering=0) as file:
        file.write(chart[:100_000])
        assert museum.versions(repo) == {}
        file.write(chart[100_000:200_000])
        assert museum.versions(repo) == {}
        os.fsync(file.fileno())
        file.write(chart[200_000:])
    shows(museum, repo, {"alpha": ["1.0.0"]})
    digest = museum.index(repo)["entries"]["alpha"][0]["digest"]
    assert digest == hashlib.sha256(chart).hexdigest()


def test_a_copy_that_broke_off_is_logged_and_shows_when_it_is_resumed(place):
    museum, repo, folder = place
    chart = package("alpha", "1.0.0")
    path = folder / "alpha-1.0.0.tgz"
    path.write_bytes(chart[:len(chart) // 2])
    eventually(lambda: museum.versions(repo) == {} and path.name in museum.log(),
               "a warning about the broken package")
    with open(path, "ab") as file:
        file.write(chart[len(chart) // 2:])
    shows(museum, repo, {"alpha": ["1.0.0"]})


def test_a_target_of_a_link_that_changes(place, tmp_path):
    museum, repo, folder = place
    target = tmp_path / "target.tgz"
    target.write_bytes(package("alpha", "1.0.0"))
    (folder / "link.tgz").symlink_to(target)
    shows(museum, repo, {"alpha": ["1.0.0"]})
    target.write_bytes(package("alpha", "2.0.0"))
    shows(museum, repo, {"alpha": ["2.0.0"]})


def test_a_whole_tenant_that_is_moved_in_and_out(start_museum, folder, tmp_path):
    museum = start_museum("--depth=2")
    assert museum.versions("org1/repoa") == {}
    (tmp_path / "org1" / "repoa").mkdir(parents=True)
    (tmp_path / "org1" / "repoa" / "alpha-1.0.0.tgz").write_bytes(package("alpha", "1.0.0"))
    run("cp", "-r", tmp_path / "org1", folder)
    shows(museum, "org1/repoa", {"alpha": ["1.0.0"]})
    run("mv", folder / "org1", folder / "org2")
    shows(museum, "org1/repoa", {})
    shows(museum, "org2/repoa", {"alpha": ["1.0.0"]})
    run("rm", "-r", folder / "org2")
    shows(museum, "org2/repoa", {})


def test_many_packages_at_once(place, tmp_path):
    museum, repo, folder = place
    versions = [f"1.{number}.0" for number in range(300)]
    for version in versions:
        (tmp_path / f"alpha-{version}.tgz").write_bytes(package("alpha", version))
    run("sh", "-c", f"cp {tmp_path}/*.tgz {folder}/")
    shows(museum, repo, {"alpha": versions[::-1]})
    run("sh", "-c", f"rm {folder}/*.tgz")
    shows(museum, repo, {})


def test_a_listing_and_the_api_agree_with_the_index(place):
    museum, repo, folder = place
    (folder / "alpha-1.0.0.tgz").write_bytes(package("alpha", "1.0.0"))
    shows(museum, repo, {"alpha": ["1.0.0"]})
    prefix = f"/api/{repo}/charts" if repo else "/api/charts"
    assert [entry["version"] for entry in museum.get(prefix + "/alpha").json()] == ["1.0.0"]
