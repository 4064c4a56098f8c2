"""Who of the team may sign in, and do what; and who took personal data away."""

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from raict.accounts import letters, second_factor, throttle
from raict.accounts.forms import InvitationForm
from raict.accounts.models import Export, User
from raict.admin import ReadOnlyAdmin, StaffModelAdmin

# Their pages show the keys.
admin.site.unregister([Group, StaticDevice, TOTPDevice])


class RightsInWords:
    """Mixed into the admin classes of accounts and groups: the history says what was given and taken."""

    def construct_change_message(self, request: HttpRequest, form, formsets, add=False):  # noqa: FBT002 -- Django's signature
        if add:
            return super().construct_change_message(request, form, formsets, add)
        return " – ".join(_change(form, name) for name in form.changed_data)


def _change(form, name: str) -> str:
    """« groupes : + presse, − accueil », « actif : non »."""
    before, after = form.initial.get(name), form.cleaned_data[name]
    if hasattr(after, "model"):
        was, now = {str(row) for row in before or []}, {str(row) for row in after}
        signs = [f"+ {row}" for row in sorted(now - was)] + [
            f"− {row}" for row in sorted(was - now)
        ]
        after = ", ".join(signs)
    elif isinstance(after, bool):
        after = _("yes") if after else _("no")
    return _("%(what)s: %(which)s") % {"what": form.fields[name].label, "which": after}


@admin.register(User)
class StaffUserAdmin(RightsInWords, StaffModelAdmin, UserAdmin):
    """Django's own page, but that nobody types a password for somebody else: a link is sent."""

    list_display = ["username", "full_name", "email", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser", "groups"]
    empty_value_display = "–"
    add_form = InvitationForm
    add_form_template = None
    filter_horizontal = ["user_permissions"]
    fieldsets = [
        (None, {"fields": ["username", "access"]}),
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
    add_fieldsets = [
        (
            None,
            {
                "description": _(
                    "A mail takes the person a link, good for three days, with which they choose"
                    " their password."
                ),
                "fields": ["username", "first_name", "last_name", "email", "groups"],
            },
        )
    ]

    def formfield_for_manytomany(self, db_field, request: HttpRequest, **kwargs):
        """A handful of roles: boxes to tick, which need no script."""
        if db_field.name == "groups":
            kwargs |= {"widget": CheckboxSelectMultiple, "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list:
        """Only a superuser makes another one."""
        if obj is None:
            return []
        own = [] if request.user.is_superuser else ["is_superuser"]
        return ["access", "last_login", "date_joined", *own]

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever may change a superuser's account could become one."""
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """An account is closed (« active »), and its history stays."""
        return False

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        super().save_model(request, obj, form, change)
        if not change:
            letters.invite(obj)
            sentence = _("The link to choose a password is sent to %(email)s.")
            self.message_user(request, sentence % {"email": obj.email})

    def get_urls(self) -> list:
        view = self.admin_site.admin_view(self.access_view)
        return [path("<int:pk>/access/", view, name="accounts_user_access"), *super().get_urls()]

    def user_change_password(self, request: HttpRequest, id: str, form_url="") -> HttpResponse:  # noqa: A002 -- Django's name
        """In the place of Django's page, where a password is typed for somebody else."""
        return redirect("admin:accounts_user_access", id)

    # ------------------------------------------------------------------------------------ access
    def access_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Somebody cannot get in: a new link, an end to the wait, or a new second step."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        if request.method == "POST":
            acts = {"link": self._link, "free": self._free, "reset": self._reset}
            if act := acts.get(request.POST.get("do")):
                act(request, user)
            return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Access: %(name)s") % {"name": user.get_full_name() or user},
            "member": user,
            "has_second": second_factor.telephone(user) is not None,
            "left": len(second_factor.spare_codes(user)),
            "is_own": user == request.user,
        }
        return render(request, "admin/accounts/user/access.html", context)

    def _link(self, request: HttpRequest, user: User) -> None:
        if not user.email:
            self.message_user(request, _("This account has no e-mail address."), messages.ERROR)
            return
        letters.invite(user)
        self._done(request, user, _("A link to choose a password was sent."))

    def _free(self, request: HttpRequest, user: User) -> None:
        throttle.free(user.get_username())
        self._done(request, user, _("The wait after wrong passwords is lifted."))

    def _reset(self, request: HttpRequest, user: User) -> None:
        """Not one's own: whoever finds a computer open would have the account for good."""
        if user == request.user:
            raise PermissionDenied
        if second_factor.forget(user):
            letters.tell_of_reset(user)
            self._done(request, user, _("The second step was reset."))

    def _done(self, request: HttpRequest, user: User, sentence: str) -> None:
        self.log_change(request, user, str(sentence))
        self.message_user(request, sentence)

    @admin.display(description=_("access"))
    def access(self, user: User) -> str:
        address = reverse("admin:accounts_user_access", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, _("Password, second step, wait"))

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, user: User) -> str:
        return user.get_full_name()


@admin.register(Group)
class StaffGroupAdmin(RightsInWords, StaffModelAdmin, GroupAdmin):
    """The roles of raict/accounts/roles.py, and those that the team makes."""

    list_display = ["name", "members"]

    def get_queryset(self, request: HttpRequest):
        return super().get_queryset(request).annotate(member_count=Count("user"))

    @admin.display(description=_("members"), ordering="member_count")
    def members(self, group: Group) -> int:
        return group.member_count


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ["at", "who", "what", "rows", "kind", "with_needs"]
    list_filter = ["with_needs", "kind", "at"]
    search_fields = ["who", "what"]
    date_hierarchy = "at"
