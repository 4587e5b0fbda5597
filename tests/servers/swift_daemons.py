# SPDX-License-Identifier: Apache-2.0
"""Runs Swift's daemons: swift_daemons.py <the folder of their configurations>

Debian's scripts of the daemons are in packages that also start them. What they do is this, but here
the slow part, to load Swift, is done once for all of them.
"""

import eventlet.patcher

# First of all: eventlet takes seconds to exchange the locks of what is already imported.
eventlet.patcher.monkey_patch(all=False, socket=True, select=True, thread=True)

import os  # noqa: E402
import sys  # noqa: E402

import pkg_resources  # noqa: E402, F401
from swift.common import storage_policy, utils  # noqa: E402

# Before the rest: Swift would look for /etc/swift/swift.conf.
folder = sys.argv[1]
utils.set_swift_dir(folder)
storage_policy.reload_storage_policies()

import swift.account.server  # noqa: E402, F401
import swift.container.server  # noqa: E402, F401
import swift.obj.server  # noqa: E402
import swift.proxy.server  # noqa: E402, F401
from swift.common.wsgi import run_wsgi  # noqa: E402

from launcher import die_with_the_parent  # noqa: E402

for name in ("account-server", "container-server", "object-server", "proxy-server"):
    if os.fork() == 0:
        die_with_the_parent()
        more = {}
        if name == "object-server":
            more["global_conf_callback"] = swift.obj.server.global_conf_callback
        sys.exit(run_wsgi(f"{folder}/{name}.conf", name, verbose=True, **more))
os.wait()
sys.exit("a daemon ended")
