"""The Celery application: `celery -A raict worker`, `celery -A raict beat`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "raict.settings")

app = Celery("raict")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
