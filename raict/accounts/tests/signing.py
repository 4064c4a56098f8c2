"""What a member of the team does at the sign-in, for tests."""

import time

from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP

from raict.accounts import second_factor
from raict.accounts.models import User

PASSWORD = "un-mot-de-passe-long"


def member(name: str = "lea", **values) -> User:
    values = {"email": f"{name}@example.org", "is_staff": True, "is_superuser": True, **values}
    return User.objects.create_user(name, password=PASSWORD, **values)


def type_password(
    client: Client, name: str = "lea", password: str = PASSWORD, page: str = "/admin/"
):
    address = reverse("admin:login", query={"next": page})
    return client.post(address, {"username": name, "password": password})


def token(user: User, *, steps: int = 0) -> str:
    """What the person's telephone shows, now or so many steps later."""
    device = second_factor.telephone(user) or second_factor.draft(user)
    totp = TOTP(device.bin_key)
    totp.time = time.time() + 30 * steps
    return f"{totp.token():06d}"


def type_code(client: Client, code: str, *, is_spare: bool = False):
    query = {"secours": ""} if is_spare else None
    return client.post(reverse("accounts:code", query=query), {"code": code})


def enrol(client: Client, user: User) -> list[str]:
    """Signed in with a telephone that has just been set up; the spare codes."""
    type_password(client, user.get_username())
    client.post(reverse("accounts:set_up"), {"code": token(user)})
    client.post(reverse("accounts:spare_codes"))
    return second_factor.spare_codes(user)


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
