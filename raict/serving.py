"""How gunicorn serves the site, in `make run` and in production alike."""

import sys
import threading

from django.conf import settings

from raict.pdf import preload

bind = f"127.0.0.1:{settings.PORT}"
workers = settings.WEB_WORKERS
threads = 2  # more would wait for each other: the seats of an edition change one at a time
preload_app = True  # read once, then forked: a quick start and shared memory
timeout = 60
graceful_timeout = 10
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 -- gunicorn's heartbeat files, never on a slow disk
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1"
# No log of accesses: the address of a personal page is its key, and belongs in no file.
logconfig_dict = {
    **settings.LOGGING,
    "loggers": {
        **settings.LOGGING["loggers"],
        "gunicorn.error": {"level": "WARNING", "propagate": True},
    },
}


def post_worker_init(worker) -> None:
    """What each process does before its first request.

    Threads hand the interpreter on after 1 ms instead of 5: one that holds an edition's lock would
    else wait for the others at each statement, and everybody for it. The engine of PDF documents is
    read in the background: the first document is quick too.
    """
    sys.setswitchinterval(0.001)
    threading.Thread(target=preload, daemon=True).start()
