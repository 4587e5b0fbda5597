# SPDX-License-Identifier: Apache-2.0
"""Disks that are full, folders that are missing or not ours, files that should not be there."""

import concurrent.futures
import os
import subprocess

import pytest

from museum import eventually
from packages import large_package, package, provenance


def test_a_missing_folder_is_an_empty_museum_until_the_first_push(start_museum, folder):
    museum = start_museum(storage=folder / "not" / "yet")
    assert museum.versions() == {}
    assert museum.push(package("alpha", "1.0.0")).status_code == 201
    assert museum.versions() == {"alpha": ["1.0.0"]}
    assert (folder / "not" / "yet" / "alpha-1.0.0.tgz").is_file()


def test_a_folder_that_is_taken_away_and_comes_back(museum, folder):
    museum.push(package("alpha", "1.0.0"))
    away = folder.with_name("away")
    folder.rename(away)
    eventually(lambda: museum.versions() == {}, "the index is empty")
    assert museum.get("/charts/alpha-1.0.0.tgz").status_code == 404
    away.rename(folder)
    eventually(lambda: museum.versions() == {"alpha": ["1.0.0"]}, "the chart is back")


def test_an_absent_tenant_has_an_empty_index(start_museum, folder):
    museum = start_museum("--depth=1")
    assert museum.versions("nobody") == {}
    assert museum.get("/api/nobody/charts").json() == {}
    assert not (folder / "nobody").exists()


def mount(folder, *options):
    """Mounts a small file system, or skips the test where that is not allowed."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small file system to fill up")
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs", folder],
                          capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"cannot mount a tmpfs here: {done.stderr.strip()}")


@pytest.fixture
def small_disk(folder):
    mount(folder, "size=1m")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_loses_nothing_and_leaves_nothing_half_written(start_museum, small_disk):
    museum = start_museum()
    acknowledged = {}
    full = None
    for number in range(20):
        chart = large_package("big", f"1.0.{number}", 200_000)
        answer = museum.push(chart)
        if answer.status_code == 201:
            acknowledged[f"big-1.0.{number}.tgz"] = chart
        else:
            full = answer
    assert full is not None and full.status_code == 507
    assert str(small_disk) not in full.text
    assert 2 <= len(acknowledged) <= 5
    left = {path.name: path.read_bytes() for path in small_disk.iterdir()
            if path.name != "index-cache.yaml"}
    assert left == acknowledged
    assert len(museum.versions()["big"]) == len(acknowledged)

    # Deleting makes room again.
    first = next(iter(acknowledged))
    version = first.removeprefix("big-").removesuffix(".tgz")
    assert museum.request("DELETE", f"/api/charts/big/{version}").status_code == 200
    assert museum.push(acknowledged[first]).status_code == 201


def test_a_full_disk_under_a_form_takes_back_what_was_stored(start_museum, small_disk):
    museum = start_museum()
    while museum.push(large_package("big", f"1.0.{len(os.listdir(small_disk))}",
                                    200_000)).status_code == 201:
        pass
    before = set(os.listdir(small_disk)) - {"index-cache.yaml"}
    chart = large_package("signed", "1.0.0", 900_000)
    answer = museum.push_form({"chart": chart, "prov": provenance(chart, "signed", "1.0.0")})
    assert answer.status_code == 507
    assert set(os.listdir(small_disk)) - {"index-cache.yaml"} == before


def test_a_read_only_disk_serves_and_refuses_pushes(start_museum, small_disk):
    chart = package("alpha", "1.0.0")
    (small_disk / "alpha-1.0.0.tgz").write_bytes(chart)
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    museum = start_museum()
    assert museum.versions() == {"alpha": ["1.0.0"]}
    assert museum.get("/charts/alpha-1.0.0.tgz").content == chart
    for answer in (museum.push(package("beta", "1.0.0")),
                   museum.request("DELETE", "/api/charts/alpha/1.0.0")):
        assert answer.status_code in (500, 502, 503, 507)
        assert str(small_disk) not in answer.text
    assert museum.versions() == {"alpha": ["1.0.0"]}


def test_a_folder_that_may_not_be_written(start_museum, binary, folder):
    if os.geteuid() != 0:
        folder.chmod(0o555)
        museum = start_museum()
    else:  # whom nothing stops: give the server to nobody
        readable = subprocess.run(["test", "-x", binary], user=65534, check=False)
        if readable.returncode:
            pytest.skip(f"{binary} is not there for other users")
        museum = start_museum(user=65534)
    assert museum.versions() == {}
    answer = museum.push(package("alpha", "1.0.0"))
    assert answer.status_code in (500, 502, 503)
    assert str(folder) not in answer.text
    eventually(lambda: "Permission denied" in museum.log(), "the cause is in the log")
    assert list(folder.iterdir()) == []


def test_broken_and_foreign_files_are_left_out_and_logged(start_museum, folder):
    good = package("good", "1.0.0")
    (folder / "good-1.0.0.tgz").write_bytes(good)
    (folder / "renamed.tgz").write_bytes(package("other", "2.0.0"))
    (folder / "broken-1.0.0.tgz").write_bytes(good[:100])
    (folder / "empty-1.0.0.tgz").write_bytes(b"")
    (folder / "text-1.0.0.tgz").write_text("no package")
    (folder / "README.md").write_text("# charts")
    (folder / "upper-1.0.0.TGZ").write_bytes(package("upper", "1.0.0"))
    (folder / "index.yaml").write_text("apiVersion: v1\nentries: {stale: []}\n")
    (folder / "folder-1.0.0.tgz").mkdir()
    os.mkfifo(folder / "fifo-1.0.0.tgz")
    (folder / "dangling-1.0.0.tgz").symlink_to("nowhere")
    (folder / "loop-1.0.0.tgz").symlink_to("loop-1.0.0.tgz")
    (folder / "to-a-folder-1.0.0.tgz").symlink_to(".")
    (folder / "linked.tgz").symlink_to("../elsewhere.tgz")
    (folder.parent / "elsewhere.tgz").write_bytes(package("linked", "3.0.0"))

    museum = start_museum()
    assert museum.versions() == {"good": ["1.0.0"], "linked": ["3.0.0"], "other": ["2.0.0"]}
    assert museum.index()["entries"]["other"][0]["urls"] == ["charts/renamed.tgz"]
    assert museum.get("/charts/renamed.tgz").status_code == 200
    for name in ("fifo-1.0.0.tgz", "dangling-1.0.0.tgz", "loop-1.0.0.tgz", "folder-1.0.0.tgz"):
        assert museum.get(f"/charts/{name}").status_code == 404, name
    log = eventually(lambda: "text-1.0.0.tgz" in museum.log() and museum.log(), "a warning")
    for name in ("broken-1.0.0.tgz", "empty-1.0.0.tgz"):
        assert name in log
    # One bad file keeps nobody from pushing.
    assert museum.push(package("new", "1.0.0")).status_code == 201


def test_two_files_of_one_version_are_one_entry_and_always_the_same(start_museum, folder):
    for name, note in [("b.tgz", "b"), ("alpha-1.0.0.tgz", "canonical"), ("a.tgz", "a")]:
        (folder / name).write_bytes(package("alpha", "1.0.0", description=note))
    museum = start_museum("--disable-statefiles")
    first = museum.index()["entries"]["alpha"]
    assert len(first) == 1
    for _ in range(3):
        museum.stop()
        museum.start()
        assert museum.index()["entries"]["alpha"] == first

    # When the listed one goes, another takes its place.
    listed = first[0]["urls"][0].removeprefix("charts/")
    (folder / listed).unlink()
    eventually(lambda: [entry["urls"] for entry in museum.index()["entries"]["alpha"]]
               not in ([], first[0]["urls"]) and
               museum.index()["entries"]["alpha"][0]["urls"] != first[0]["urls"],
               "another file stands for the version")


def test_a_hundred_tenants_at_once(start_museum, folder):
    museum = start_museum("--depth=2")
    tenants = [f"org{n % 10}/repo{n // 10}" for n in range(100)]

    def use(tenant):
        number = tenants.index(tenant)
        statuses = [museum.push(package("app", f"1.{number}.{patch}"), tenant).status_code
                    for patch in range(3)]
        return statuses, museum.versions(tenant)

    with concurrent.futures.ThreadPoolExecutor(32) as clients:
        results = list(clients.map(use, tenants))
    for number, (statuses, versions) in enumerate(results):
        assert statuses == [201] * 3
        assert versions == {"app": [f"1.{number}.{patch}" for patch in (2, 1, 0)]}
    assert len(list(folder.glob("org*/repo*/app-*.tgz"))) == 300


def test_asking_for_tenants_that_do_not_exist_leaves_nothing_behind(start_museum, folder):
    museum = start_museum("--depth=1")
    for number in range(500):
        assert museum.get(f"/nobody{number}/index.yaml").status_code == 200
    assert list(folder.iterdir()) == []


def test_an_upload_is_never_written_through_a_link(museum, folder):
    target = folder.parent / "precious"
    target.write_text("precious")
    (folder / "alpha-1.0.0.tgz").symlink_to(target)
    museum.push(package("alpha", "1.0.0"))
    museum.push(package("alpha", "1.0.0"), query="?force")
    assert target.read_text() == "precious"
    assert not (folder / "alpha-1.0.0.tgz").is_symlink()
