#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Starts OpenStack Swift: its four daemons and memcached, asked as Swift or as Amazon S3.

It checks S3 signatures (version 4, and the hash of a body) and answers 501 to encryption headers.
Facts: url, bucket (and container), region, access_key, secret_key, the same of a user who may do
nothing as stranger_access_key, stranger_secret_key; storage_domain, below which virtual hosts are
looked for; for Swift's own protocol auth_url, user, key, storage_url.
"""

import importlib.util
import os
import shutil
import sys

import launcher

USER, KEY = "test:tester", "testing"
STRANGER, STRANGER_KEY = "test:stranger", "strange"
STORAGE_DOMAIN = "s3.localhost"
FILTERS = {
    "catch_errors": {}, "gatekeeper": {}, "healthcheck": {}, "listing_formats": {}, "slo": {},
    "cache": {"use": "egg:swift#memcache"},
    "proxy-logging": {"use": "egg:swift#proxy_logging"},
    "s3api": {"location": "us-east-1", "s3_acl": "false", "allow_no_owner": "true",
              "storage_domain": STORAGE_DOMAIN},
    "tempauth": {"user_test_tester": f"{KEY} .admin", "user_test_stranger": STRANGER_KEY},
}
PIPELINE = ("catch_errors gatekeeper healthcheck cache listing_formats s3api tempauth slo "
            "proxy-logging proxy-server")


def check_installed(stage):
    if not importlib.util.find_spec("swift"):
        raise launcher.CannotBeHad("OpenStack Swift is not installed (Debian: python3-swift)")
    if not shutil.which("memcached"):
        raise launcher.CannotBeHad("memcached is not installed (Debian: memcached)")
    try:
        os.setxattr(stage.folder, "user.swift", b"x" * 1024)
    except OSError:
        raise launcher.CannotBeHad(f"Swift needs extended attributes, {stage.folder.parent} has "
                                   "none; set TMPDIR to a folder that has") from None


def write_ini(path, sections):
    path.write_text("".join(
        f"[{section}]\n" + "".join(f"{name} = {value}\n" for name, value in entries.items())
        for section, entries in sections.items()))


def write_ring(folder, kind, port):
    from swift.common.ring import RingBuilder
    builder = RingBuilder(part_power=4, replicas=1, min_part_hours=1)
    builder.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "device": "d1",
                     "ip": "127.0.0.1", "port": port,
                     "replication_ip": "127.0.0.1", "replication_port": port})
    builder.rebalance()
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


def configure_daemon(stage, folder, name, port, pipeline, app, filters):
    write_ini(folder / f"{name}-server.conf", {
        "DEFAULT": {"bind_ip": "127.0.0.1", "bind_port": port, "workers": 0,
                    "user": launcher.user_name(), "swift_dir": folder,
                    "devices": stage.folder / "devices", "mount_check": "false",
                    "fallocate_reserve": 0, "log_level": "WARNING"},
        "pipeline:main": {"pipeline": pipeline},
        f"app:{name}-server": {"use": f"egg:swift#{name}", **app},
        **{f"filter:{filter}": {"use": f"egg:swift#{filter}", **entries}
           for filter, entries in filters.items()},
    })


def start(stage, arguments):
    check_installed(stage)
    folder = stage.folder / "swift"
    folder.mkdir()
    (stage.folder / "devices/d1").mkdir(parents=True)
    write_ini(folder / "swift.conf", {"swift-hash": {"swift_hash_path_suffix": "charts"}})

    cache = launcher.free_port()
    stage.spawn("memcached", ["memcached", "-u", launcher.user_name(), "-l", "127.0.0.1",
                              "-p", cache, "-U", "0", "-m", "16"])
    ports = {kind: launcher.free_port() for kind in ("account", "container", "object")}
    for kind, port in ports.items():
        write_ring(folder, kind, port)
        configure_daemon(stage, folder, kind, port, f"{kind}-server", {}, {})
    filters = {**FILTERS, "cache": {**FILTERS["cache"], "memcache_servers": f"127.0.0.1:{cache}"}}
    port = arguments.port or launcher.free_port()
    configure_daemon(stage, folder, "proxy", port, PIPELINE,
                     {"account_autocreate": "true", "allow_account_management": "true"}, filters)
    stage.spawn("swift", [sys.executable, "-W", "ignore", launcher.HERE / "swift_daemons.py", folder])

    for each in (cache, *ports.values(), port):
        stage.await_port(each)
    url = f"http://127.0.0.1:{port}"
    auth_url = f"{url}/auth/v1.0"
    answer = stage.await_status({200}, "GET", auth_url, {"X-Auth-User": USER, "X-Auth-Key": KEY})
    storage_url = answer["X-Storage-Url"]
    stage.await_status({201}, "PUT", f"{storage_url}/{arguments.bucket}",
                       {"X-Auth-Token": answer["X-Auth-Token"], "Content-Length": "0"})
    return {"server": "openstack_swift", "url": url, "bucket": arguments.bucket, "region": "us-east-1",
            "access_key": USER, "secret_key": KEY, "stranger_access_key": STRANGER,
            "stranger_secret_key": STRANGER_KEY, "storage_domain": STORAGE_DOMAIN,
            "container": arguments.bucket, "auth_url": auth_url, "user": USER, "key": KEY,
            "storage_url": storage_url}


if __name__ == "__main__":
    launcher.run(start, __doc__)
