"""Files that people send. Every one comes in through a field of this module, and is written by it.

A field looks at the content, never at the name or at the type that the browser says. Pictures and
drawings are made anew (raict/pictures.py, raict/svg.py), so that only files of our own making are
stored; a PDF is opened. Names are drawn by lot. Documents are private: they lie outside MEDIA_ROOT.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.core.files.uploadhandler import FileUploadHandler
from django.db import models
from django.db.models.fields.files import FieldFile, ImageFieldFile
from django.urls import reverse
from django.utils.functional import LazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from raict import pictures, svg
from raict.errors import DomainError

MB = 1024 * 1024
_PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/gif"
_DRAWING_BYTES = 500_000
_PAGES = 20
# PDFium is not made for threads, and 40 megapixels take up to 700 MB of memory.
_ONE_AT_A_TIME = threading.Lock()
# What a file of slides starts with, by the ending of its name. Most are ZIP archives.
_ZIP, _OLE = b"PK\3\4", bytes.fromhex("d0cf11e0a1b11ae1")
_SLIDES = {"pdf": b"%PDF-", "odp": _ZIP, "pptx": _ZIP, "key": _ZIP, "ppt": _OLE}


class Checked(ContentFile):
    """What a check has made: the only thing that the fields below write."""


# --------------------------------------------------------------------------------------- checks
def picture(upload: File) -> Checked:
    """A photograph, its longest side 2,400 pixels at most. DomainError for anything else."""
    _refuse_above(10, upload)
    return _repainted(
        upload,
        longest=2400,
        unknown=_("This file is not a picture that can be read. Send a JPEG, PNG or WebP."),
    )


def logo(upload: File) -> Checked:
    """A drawing (SVG), or a picture of 1,200 pixels at most. DomainError for anything else."""
    _refuse_above(10, upload)
    unknown = _("This file is not a logo that can be read. Send an SVG, PNG, JPEG or WebP.")
    if not _is_markup(upload):
        return _repainted(upload, longest=1200, lossless=True, unknown=unknown)
    if upload.size > _DRAWING_BYTES:
        raise DomainError(_("This drawing is larger than 500 kB. Simplify it, or send it as PNG."))
    return Checked(svg.rewritten(upload.read(), unknown=unknown), name=_name(".svg"))


def press_picture(upload: File) -> Checked:
    """A photograph at its full 2,400 pixels, or a drawing as a logo is. DomainError otherwise."""
    return logo(upload) if _is_markup(upload) else picture(upload)


def _is_markup(upload: File) -> bool:
    """After the marks of an encoding. No picture starts like that."""
    upload.seek(0)  # code may have read it before
    head = upload.read(64)
    upload.seek(0)
    return head.lstrip(b"\xef\xbb\xbf\xfe\xff\0 \t\r\n").startswith(b"<")


def document(upload: File) -> Checked:
    """A PDF of 20 pages at most that opens, as it is, or a picture. DomainError for anything else."""
    _refuse_above(5, upload)
    data = upload.read()
    upload.seek(0)
    if data.startswith(_SLIDES["pdf"]):
        _refuse_unreadable(data)
        return Checked(data, name=_name(".pdf"))
    return _repainted(
        upload,
        longest=2400,
        unknown=_("This file is not a document that can be read. Send a PDF, JPEG or PNG."),
    )


def slides(upload: File) -> None:
    """A validator: the content is what the name says. They are kept as they are, for download."""
    if getattr(upload, "_committed", False):
        return  # stored already, and perhaps not at hand
    expected = _SLIDES.get(Path(upload.name).suffix.lower().removeprefix("."), b"")
    upload.seek(0)
    head = upload.read(len(expected))
    upload.seek(0)
    if upload.size > 20 * MB:
        raise ValidationError(_larger_than(20))
    if head != expected:
        raise ValidationError(
            _("The content of this file is not what its name says. Export it and send it again.")
        )


def _refuse_above(limit: int, upload: File) -> None:
    if upload.size > limit * MB:
        raise DomainError(_larger_than(limit))
    upload.seek(0)  # code may have read it before


def _larger_than(limit: int) -> str:
    return _("This file is larger than %(limit)d MB. Make it smaller and send it again.") % {
        "limit": limit
    }


def _repainted(upload: File, **how) -> Checked:
    with _ONE_AT_A_TIME:
        data, ending = pictures.repainted(upload, **how)
    return Checked(data, name=_name(ending))


def _name(ending: str) -> str:
    return f"{uuid.uuid4().hex}{ending}"


def _refuse_unreadable(pdf: bytes) -> None:
    import pypdfium2  # noqa: PLC0415 -- a large library that few processes need
    from pypdfium2 import raw  # noqa: PLC0415 -- same

    with _ONE_AT_A_TIME:
        try:
            opened = pypdfium2.PdfDocument(pdf)
        except pypdfium2.PdfiumError as error:
            if error.err_code == raw.FPDF_ERR_PASSWORD:
                sentence = _("This PDF is locked by a password. Save it without and send it again.")
            else:
                sentence = _("This PDF is damaged: it does not open. Save it and send it again.")
            raise DomainError(sentence) from error
        pages = len(opened)
        opened.close()
    if pages > _PAGES:
        raise DomainError(
            _("This PDF has %(pages)d pages; send the %(limit)d that matter at most.")
            % {"pages": pages, "limit": _PAGES}
        )


# ---------------------------------------------------------------------------------- form fields
@dataclass(frozen=True)
class Kind:
    """What a field takes: the check that makes it, and what people are told and offered first."""

    check: Callable[[File], Checked]
    hint: str
    accept: str


PICTURE = Kind(picture, gettext_lazy("JPEG, PNG or WebP, 10 MB at most."), _PICTURES)
LOGO = Kind(
    logo,
    gettext_lazy("SVG up to 500 kB, or PNG, JPEG or WebP up to 10 MB."),
    f"image/svg+xml,{_PICTURES}",
)
PRESS_PICTURE = Kind(press_picture, LOGO.hint, LOGO.accept)
DOCUMENT = Kind(
    document,
    gettext_lazy("PDF (20 pages at most), JPEG or PNG, 5 MB at most."),
    f"application/pdf,{_PICTURES}",
)


class UploadField(forms.FileField):
    """A form field whose value is what `kind.check` made of the file."""

    def __init__(self, *, kind: Kind, help_text="", **kwargs) -> None:
        self.kind = kind
        super().__init__(help_text=help_text or kind.hint, **kwargs)

    def to_python(self, data):
        upload = super().to_python(data)
        try:
            return upload and self.kind.check(upload)
        except DomainError as refusal:
            raise ValidationError(refusal.message) from refusal

    def widget_attrs(self, widget) -> dict:
        return {**super().widget_attrs(widget), "accept": self.kind.accept}


# --------------------------------------------------------------------------------- model fields
class _CheckedFile(FieldFile):
    def save(self, name, content, save=True) -> None:  # noqa: FBT002 -- Django's signature
        """Write what the check makes of it, whoever calls: a form has let it through already."""
        checked = content if isinstance(content, Checked) else self.field.kind.check(content)
        super().save(checked.name, checked, save=save)


class _CheckedField(models.FileField):
    """The name that a file came with is not kept, and may have any length."""

    kind: Kind

    def formfield(self, **kwargs):
        own = {"form_class": UploadField, "kind": self.kind, "max_length": None}
        return super().formfield(**{**own, **kwargs})


class PictureFile(_CheckedFile, ImageFieldFile):
    """With `width` and `height`, read from the file."""


class PictureField(_CheckedField, models.ImageField):
    """A photograph, for everybody to see."""

    attr_class = PictureFile
    kind = PICTURE


class LogoFile(PictureFile):
    @property
    def is_svg(self) -> bool:
        return bool(self) and self.name.endswith(".svg")

    def _get_image_dimensions(self) -> tuple[int | None, int | None]:
        if not self.is_svg:
            return super()._get_image_dimensions()
        with self.storage.open(self.name) as file:
            return svg.size(file.read(500)) or (None, None)


class LogoField(_CheckedField, models.ImageField):
    """A logo, for everybody to see: the one picture that may be a drawing."""

    attr_class = LogoFile
    kind = LOGO


class PressPictureField(LogoField):
    """What the press may print: a photograph, or a logo that may be a drawing."""

    kind = PRESS_PICTURE


class PrivateStorage(FileSystemStorage):
    """Files without an address: PRIVATE_ROOT lies outside MEDIA_ROOT, readable by the site only."""

    def __init__(self) -> None:
        super().__init__(file_permissions_mode=0o600, directory_permissions_mode=0o700)

    @property
    def base_location(self) -> str:
        return str(settings.PRIVATE_ROOT)

    location = base_location

    def url(self, name: str) -> str:
        raise ValueError(f"{name} is private: it has no address of its own.")


class DocumentFile(_CheckedFile):
    @property
    def url(self) -> str:
        """The page that asks who may read it."""
        return reverse(self.field.served_by, args=[self.instance.pk])


class _Private(LazyObject):
    """As Django's own default_storage: settings may still change while models are being loaded."""

    def _setup(self) -> None:
        self._wrapped = storages["private"]


class PrivateFileField(models.FileField):
    """A file that the site itself has made, or checks when it reads it: no address leads to it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.storage = _Private()  # given to Django's __init__, it would be asked for at once

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["storage"]
        return name, path, args, kwargs


class DocumentField(PrivateFileField, _CheckedField):
    """A private document. `served_by` names the URL, with the row's key, that gives it to whom it may."""

    attr_class = DocumentFile
    kind = DOCUMENT

    def __init__(self, *args, served_by: str = "", **kwargs) -> None:
        self.served_by = served_by
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "served_by": self.served_by}


# --------------------------------------------------------------------------------------- a limit
class RequestLimit(FileUploadHandler):
    """Stops a request that is too large before its files fill the disk: Django limits fields only."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None) -> None:  # noqa: N803 -- Django's signature
        if content_length > settings.REQUEST_BYTES:
            raise RequestDataTooBig("The request is larger than settings.REQUEST_BYTES.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # for the next handler

    def file_complete(self, file_size: int) -> None:
        return None
