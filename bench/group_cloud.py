# SPDX-License-Identifier: Apache-2.0
"""A museum on a bucket that is 20 ms away, beside what the calls alone must take.

The bucket of the reads is nginx with the listing as files, which costs next to nothing; pushes go into s3rver, a
server for tests that does not bear many a second. The distance is tests/servers/fault_proxy's."""

import contextlib
import datetime
import json
import math
import os
import pathlib
import subprocess
import time

from bench import HERE, Bench
from packages import small_package
from report import Row
from servers import bucket_museum, fetch, have_nginx, link_packages, nginx
from traffic import wrk

TITLE = "A bucket that is 20 ms away"
DELAY = 20  # milliseconds a call
IN_FLIGHT = 64  # --index-limit's default for clouds
PAGE = 1000  # of S3's listings
CONNECTIONS = 32
SERVERS = HERE.parent / "tests" / "servers"


@contextlib.contextmanager
def launched(name: str, *options: str):
    """A server of tests/servers: what its launcher tells of it; None where it cannot be had."""
    process = subprocess.Popen(["/usr/bin/python3", str(SERVERS / f"{name}.py"), *options], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    try:
        yield json.loads(line) if line else None
    finally:
        process.stdin.close()
        process.wait(timeout=60)


def write_listing(folder: pathlib.Path, root: pathlib.Path) -> int:
    """S3's ListObjectsV2 of the folder as files, one a page; how many."""
    objects = sorted(os.scandir(folder), key=lambda entry: entry.name)
    pages = max(1, math.ceil(len(objects) / PAGE))
    for page in range(pages):
        entries = []
        for entry in objects[page * PAGE:(page + 1) * PAGE]:
            stat = entry.stat()
            time_of_it = datetime.datetime.fromtimestamp(int(stat.st_mtime), datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
            etag = f"{int(stat.st_mtime):x}-{stat.st_size:x}"  # as nginx makes it
            entries.append(f"<Contents><Key>{entry.name}</Key><LastModified>{time_of_it}</LastModified>"
                           f"<ETag>&quot;{etag}&quot;</ETag><Size>{stat.st_size}</Size></Contents>")
        last = page == pages - 1
        more = "" if last else f"<NextContinuationToken>page{page + 1}</NextContinuationToken>"
        (root / f"list-{page}.xml").write_text(
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<IsTruncated>{str(not last).lower()}</IsTruncated>{more}{''.join(entries)}</ListBucketResult>")
    return pages


LISTING = """
    location ~ ^/charts/?$ {
      default_type application/xml; set $page 0;
      if ($args ~ "continuation-token=page(\\d+)") { set $page $1; }
      rewrite ^ /list-$page.xml break;
    }"""


def run(bench: Bench) -> list[Row]:
    if not have_nginx():
        return [bench.add(Row("a museum on a bucket", "", note="nginx is not installed"))]
    root = bench.work / "cloud"
    root.mkdir()
    packages = some_packages(bench, root / "charts", 500 if bench.quick else 5_000)
    pages = write_listing(root / "charts", root)
    rows = []
    with nginx(root, bench.work, LISTING) as bucket, launched("fault_proxy", "--upstream", bucket.url, "--delay", str(DELAY)) as far:
        if far is None:
            return [bench.add(Row("a museum on a bucket", "", note="Node.js is not installed"))]
        rows.append(first_index(bench, far["url"], packages, pages))
        rows += downloads(bench, far["url"], root / "charts")
    rows += pushes(bench)
    bench.put_away(root)
    return rows


def some_packages(bench: Bench, folder: pathlib.Path, count: int) -> int:
    link_packages(bench.data.stable, folder)
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name)[count:]:
        os.unlink(entry.path)
    (folder / "index-cache.yaml").unlink(missing_ok=True)
    (folder / "large-1.0.0.tgz").write_bytes(small_package("large", "1.0.0", os.urandom(1_000_000)))
    return bench.count(folder)


def first_index(bench: Bench, endpoint: str, packages: int, pages: int) -> Row:
    row = Row(f"first index of {packages:,} packages", "s", rival="the calls over those in flight", lower_is_better=True)
    for _ in range(bench.rounds):
        with bucket_museum(bench.binary, endpoint, "charts", bench.work, ("--disable-statefiles",)) as ours:
            row.ours.append(ours.answering_after)
            row.theirs.append((pages + packages / IN_FLIGHT) * DELAY / 1000)
    return bench.add(row)


def downloads(bench: Bench, endpoint: str, folder: pathlib.Path) -> list[Row]:
    small = min(os.scandir(folder), key=lambda entry: abs(entry.stat().st_size - 11_700)).name
    rows = []
    for name, path in (("small", f"/charts/{small}"), ("of 1 MB", "/charts/large-1.0.0.tgz")):
        for what, options in (("from the bucket", ("--package-cache-size=0",)), ("cached", ())):
            row = Row(f"downloads of a package {name}, {what}, {CONNECTIONS} connections", "/s")
            if what == "from the bucket":
                row.rival = "the connections over one call's time"
            with bucket_museum(bench.binary, endpoint, "charts", bench.work, ("--disable-statefiles", *options)) as ours:
                fetch(ours.url + path)
                for _ in range(bench.rounds):
                    figures = wrk(ours, path, CONNECTIONS, bench.seconds)
                    row.ours.append(figures.rate)
                    row.cpu_ours.append(figures.cpu)
                    if row.rival:
                        row.theirs.append(CONNECTIONS * 1000 / DELAY)
            rows.append(bench.add(row))
    return rows


def pushes(bench: Bench) -> list[Row]:
    rows = []
    with launched("s3rver", "--conditional-writes") as bucket:
        if bucket is None:
            return [bench.add(Row("pushes", "", note="s3rver is not installed"))]
        skip = 0
        for delay in (0, DELAY):
            row = Row(f"pushes into s3rver {delay} ms away, {CONNECTIONS} connections", "/s")
            upstream = "/".join(bucket["url"].split("/")[:3])
            with launched("fault_proxy", "--upstream", upstream, "--delay", str(delay)) as far, \
                    bucket_museum(bench.binary, far["url"], bucket["bucket"], bench.work, keys=(bucket["access_key"], bucket["secret_key"])) as ours:
                for _ in range(bench.rounds):
                    figures = wrk(ours, "", CONNECTIONS, bench.seconds, script=HERE / "push.lua",
                                  environment={"PUSH_FILE": str(bench.data.push_charts), "PUSH_SKIP": str(skip)})
                    skip += figures.count + 2 * CONNECTIONS + 2
                    row.ours.append(figures.rate)
                    row.cpu_ours.append(figures.cpu)
                    time.sleep(1)
            rows.append(bench.add(row))
    return rows
