"""Several people at the same moment, each with a connection of their own."""

import threading

from django.db import connections


def race(*jobs) -> list:
    """Run the jobs at the same moment, each in a thread; what they returned or raised."""
    results = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number, job):
        try:
            start.wait()
            results[number] = job()
        except Exception as error:  # noqa: BLE001 -- the test looks at every one
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
