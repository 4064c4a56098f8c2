"""Long work as the team follows it: how far it is, what came of it, the file that it made."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from raict.accounts.exports import record_export
from raict.admin import ReadOnlyAdmin
from raict.jobs import running
from raict.jobs.models import Job

_RENEWED_AFTER = "2"  # seconds; a header, so that it works without JavaScript and under our policy


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Everybody of the team sees the jobs that they asked for; the permission to view shows all."""

    list_display = ["page", "state", "share", "user", "created_at", "ended_at"]
    list_display_links = None
    list_filter = ["state"]
    list_select_related = ["user"]
    search_fields = ["title"]
    exclude = ["file"]  # private: downloaded from the page of its progress

    def get_urls(self) -> list:
        def page(route: str, view, name: str):
            return path(
                f"<int:pk>/{route}/", self.admin_site.admin_view(view), name=f"jobs_job_{name}"
            )

        return [
            page("progress", self.progress_view, "progress"),
            page("stop", require_POST(self.stop_view), "stop"),
            page("file", self.file_view, "file"),
            *super().get_urls(),
        ]

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """While it runs the page renews itself."""
        job = self._visible(request, pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": job.title,
            "job": job,
            "progress": running.progress_of(job),
            "may_list": self.has_view_permission(request),
        }
        response = render(request, "admin/jobs/job/progress.html", context)
        if job.is_unfinished:
            response.headers["Refresh"] = _RENEWED_AFTER
        return response

    def stop_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self._visible(request, pk)
        running.stop(job)
        self.message_user(request, _("It stops within a few seconds."))
        return redirect(job)

    def file_view(self, request: HttpRequest, pk: int) -> FileResponse:
        job = self._visible(request, pk)
        if not job.file:
            raise Http404
        name = job.file.name.rpartition("/")[2]
        record_export(
            request,
            job.title,
            rows=job.total,
            kind=name.rpartition(".")[2].upper()[:10],
            with_needs=bool(job.arguments.get("with_needs")),
        )
        return FileResponse(job.file.open(), as_attachment=True, filename=name)

    def _visible(self, request: HttpRequest, pk: int) -> Job:
        job = get_object_or_404(Job, pk=pk)
        if job.user_id != request.user.pk and not self.has_view_permission(request, job):
            raise PermissionDenied
        return job

    @admin.display(description=_("title"), ordering="title")
    def page(self, job: Job) -> str:
        return format_html('<a href="{}">{}</a>', job.get_absolute_url(), job)

    @admin.display(description=_("done"))
    def share(self, job: Job) -> str:
        return f"{job.done} / {job.total}" if job.total else "–"
