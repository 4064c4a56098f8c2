from django.core.management import BaseCommand, CommandError

from raict.accounts import letters, second_factor, throttle
from raict.accounts.models import User


class Command(BaseCommand):
    help = (
        "Lift the wait after wrong passwords for one account; with --second-factor, make telephone "
        "and spare codes void as well, so that the next sign-in sets a new telephone up."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("username")
        parser.add_argument("--second-factor", action="store_true")

    def handle(self, *, username: str, second_factor: bool, **options) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account {username!r}.")
        throttle.free(username)
        self.stdout.write("The wait is lifted.")
        if second_factor and forget(user):
            self.stdout.write("The second factor is void.")


def forget(user: User) -> bool:
    was_there = second_factor.forget(user)
    if was_there:
        letters.tell_of_reset(user)
    return was_there
