"""Who of the team may sign in, and do what."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _

from raict.accounts.models import User
from raict.admin import StaffModelAdmin


@admin.register(User)
class StaffUserAdmin(StaffModelAdmin, UserAdmin):
    """Django's own page, with the fields in the order in which an account is made."""

    list_display = ["username", "full_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    empty_value_display = "–"
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("Rights"),
            {
                "description": _(
                    "A person who sees the needs of participants (diet, accessibility) holds the"
                    " permission « can view needs »: give it to those only whose work it is."
                ),
                "fields": ["is_active", "is_staff", "is_superuser", "groups", "user_permissions"],
            },
        ),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()
