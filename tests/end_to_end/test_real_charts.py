# SPDX-License-Identifier: Apache-2.0
"""A folder of real packages: Helm's own index of it and the server's agree, entry by entry."""

import os
import pathlib
import shutil

import pytest

from museum import load_yaml

CHARTS = pathlib.Path(os.environ.get(
    "CHARTMUSEUM_TEST_CHARTS", pathlib.Path(__file__).resolve().parents[3] / "shared" / "charts"))


def entries_by_version(index):
    """{(name, version): entry}, without what the two are bound to say differently."""
    entries = {}
    for name, versions in index["entries"].items():
        for entry in versions:
            file = entry["urls"][0].rsplit("/", 1)[-1]
            kept = {key: value for key, value in entry.items() if key not in ("created", "urls")}
            entries[name, entry["version"]] = (file, kept)
    return entries


@pytest.mark.parametrize("group", sorted(path.name for path in CHARTS.glob("*")) or ["(none)"])
def test_agrees_with_helm_about_every_entry(any_helm, start_museum, folder, group):
    if not list((CHARTS / group).glob("*.tgz")):
        pytest.skip(f"no real packages in {CHARTS}; CHARTMUSEUM_TEST_CHARTS may name others")
    for path in (CHARTS / group).glob("*.tgz"):
        shutil.copy(path, folder)
    museum = start_museum()
    served = entries_by_version(museum.index())

    any_helm("repo", "index", folder)
    expected = entries_by_version(load_yaml((folder / "index.yaml").read_bytes()))
    assert served.keys() == expected.keys()
    for key, entry in expected.items():
        assert served[key] == entry, key


@pytest.mark.parametrize("group", sorted(path.name for path in CHARTS.glob("*")) or ["(none)"])
def test_helm_lists_every_version(any_helm, start_museum, group):
    if not list((CHARTS / group).glob("*.tgz")):
        pytest.skip(f"no real packages in {CHARTS}; CHARTMUSEUM_TEST_CHARTS may name others")
    museum = start_museum("--disable-statefiles", storage=CHARTS / group)
    any_helm("repo", "add", "museum", museum.url)
    found = any_helm.search("museum/")
    versions = museum.versions()
    assert len(found) == sum(map(len, versions.values()))
    assert {name for name, _ in found} == {f"museum/{name}" for name in versions}
