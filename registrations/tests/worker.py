"""A process of its own that changes seats in the test database: `python -m registrations.tests.worker NAME`.

Reads one line of JSON at a time, {"at": moment, "jobs": [[name, argument, …], …]}, does the jobs from
that moment on and answers with one line: what each returned, or the name of what it raised.
"""

import json
import sys
import time

import django
from django.conf import settings


def main() -> None:
    settings.DATABASES["default"]["NAME"] = sys.argv[1]
    django.setup()
    from django.db import connections

    jobs = _jobs()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        work = json.loads(line)
        time.sleep(max(0, work["at"] - time.time()))
        answers = []
        for name, *arguments in work["jobs"]:
            try:
                answers.append(jobs[name](*arguments))
            except Exception as error:  # noqa: BLE001 -- the test looks at every one
                answers.append(type(error).__name__)
        connections.close_all()
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def _jobs() -> dict:
    from events.models import Edition
    from registrations import services
    from registrations.models import Booking, Category, Registration
    from registrations.tests.seating import seated
    from sessions.models import Session

    def come(edition, email, *sessions):
        found = Session.objects.in_bulk(sessions)
        columns = {"email": email, "organisation": None, "category": Category.objects.first()}
        edition = Edition.objects.get(pk=edition)
        return seated(edition, *(found[one] for one in sessions), **columns).state

    def register(edition, email):
        person = {
            "first_name": "Awa",
            "last_name": "Diop",
            "email": email,
            "country": "SN",
            "category": Category.objects.first(),
        }
        edition = Edition.objects.get(pk=edition)
        return services.register(edition=edition, person=person).reference

    def pass_on(pk, email):
        row = Registration.objects.get(pk=pk)
        return services.pass_on(row, {"first_name": "Eva", "last_name": "Roy", "email": email})

    return {
        "come": come,
        "register": register,
        "pass_on": pass_on,
        "cancel": lambda pk: services.cancel(Registration.objects.get(pk=pk)),
        "accept": lambda pk: services.accept(Booking.objects.get(pk=pk)),
        "resize": lambda pk, seats: services.resize(Session.objects.get(pk=pk), capacity=seats),
        "fill": lambda pk: services.fill(Edition.objects.get(pk=pk)),
        "settle": services.settle_due,
    }


if __name__ == "__main__":
    main()
