"""The Celery application. Two processes, started by `make run` or by the machine's own supervisor:

    celery --app raict --quiet worker --pool prefork --concurrency 2 --loglevel INFO \\
        --without-gossip --without-mingle --without-heartbeat
    celery --app raict --quiet beat --loglevel INFO

- Two children are enough: one attempt takes a second at most, badge included. Any number of
  machines may run a worker; beat runs once (twice would do no harm, only sweep twice as often).
- prefork, not solo or threads: only there are time limits kept, and a lease relies on them.
- Stop the worker's main process alone (SIGTERM, once): its children end what they have in hand.
  A signal to the whole group, or SIGKILL, costs the messages in hand one lease, no more.
- The process leaves when it must (a broker that is refused at the start, say): start it again.
- beat keeps its clock in RAICT_VAR; the file may be thrown away.
"""

import os
import warnings

from celery import Celery
from celery.platforms import SecurityWarning

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raict.settings")

# Root is dangerous to workers that unpickle what the broker gives them; ours read JSON only.
warnings.filterwarnings("ignore", category=SecurityWarning)

app = Celery("raict")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
