"""When a kit is made anew, by whom, and where it lies.

A kit is made by the worker, one at a time an edition: whoever writes its moment into the row's
`leased_until` has the lease. A worker that is killed loses it by the clock. `retract` takes it
away, so that a kit which was begun before something was withdrawn is not kept.
"""

import datetime as dt
import logging
import tempfile
import uuid

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from events.models import Edition, PressKit, PressRelease
from sessions.press_kit.archive import key_of, write
from sessions.press_kit.contents import contents

logger = logging.getLogger(__name__)

LEASE = dt.timedelta(minutes=10)
# Who edits faster than a kit is made gets the next one at the next turn of the clock.
ROUNDS = 3
FOLDER = "press/kits"


def editions() -> QuerySet[Edition]:
    """Those that have a kit: the current one, and every public one with a public release."""
    releases = PressRelease.objects.public().filter(edition=OuterRef("pk"))
    return Edition.objects.public().filter(Q(is_current=True) | Exists(releases))


def make_all() -> None:
    """Bring every kit up to date, the current edition's first; one that fails stops no other."""
    for edition in editions().order_by("-is_current", "-number"):
        try:
            make(edition)
        except Exception:
            logger.exception("The press kit of the edition %s could not be made.", edition.number)
    _sweep()


def make(edition: Edition) -> int:
    """Bring the edition's kit up to date, unless somebody is at it; how often it was made.

    What changes while it is made is in the next round.
    """
    kit, _created = PressKit.objects.get_or_create(edition=edition)
    lease = timezone.now() + LEASE
    free = Q(leased_until=None) | Q(leased_until__lte=timezone.now())
    if not PressKit.objects.filter(free, pk=kit.pk).update(leased_until=lease):
        return 0
    held = PressKit.objects.filter(pk=kit.pk, leased_until=lease)
    try:
        return next((done for done in range(ROUNDS) if not _renewed(held)), ROUNDS)
    finally:
        held.update(leased_until=None)


def _renewed(held: QuerySet[PressKit]) -> bool:
    """Make the kit anew; False when it is as it should be, or the lease is gone."""
    kit = held.select_related("edition__venue").first()
    if kit is None or _is_fresh(kit):
        return False
    now = timezone.now()
    day = timezone.localdate(now)
    entries = contents(kit.edition, day)
    with _workpiece() as file:
        write(file, entries, day)
        size = file.tell()
        # Drawn by lot: the folder of uploads is open to whoever knows a name.
        name = f"{FOLDER}/{kit.edition.number}-{uuid.uuid4().hex}.zip"
        name = default_storage.save(name, File(file))
    is_kept = held.update(file=name, key=key_of(entries), size=size, made_at=now)
    if former := kit.file.name if is_kept else name:
        default_storage.delete(former)
    return bool(is_kept)


def _is_fresh(kit: PressKit) -> bool:
    """It holds what is public now, and its file is there."""
    if not kit.key or not default_storage.exists(kit.file.name):
        return False
    return kit.key == key_of(contents(kit.edition, timezone.localdate(kit.made_at)))


def _workpiece():
    """On disk, and without a name: nothing of it is left when the worker is killed."""
    folder = settings.VAR / "cache" / "kits"
    folder.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryFile(dir=folder)


def _sweep() -> None:
    """Delete the files that no kit names: of killed workers, of withdrawn kits, of former editions."""
    named = set(PressKit.objects.exclude(key="").values_list("file", flat=True))
    found = default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else ()
    for path in {f"{FOLDER}/{name}" for name in found} - named:
        # A younger one may be about to be named.
        if default_storage.get_modified_time(path) < timezone.now() - LEASE:
            default_storage.delete(path)
