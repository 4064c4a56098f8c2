import pytest

from raict.jobs import running
from raict.jobs.tests.settings import JOBS


@pytest.fixture(autouse=True)
def works(settings) -> None:
    settings.JOBS = JOBS


@pytest.fixture
def begin(admin_user):
    def write(work, **arguments):
        return running.begin(work, "Un long travail", arguments=arguments, user=admin_user)

    return write
