"""The site's settings, for the workers of these tests: they know the tests' work."""

from raict.settings import *  # noqa: F403

JOBS = {
    name: f"raict.jobs.tests.work.{name}"
    for name in ("one_by_one", "all_or_nothing", "refused", "broken")
}
