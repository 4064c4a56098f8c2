"""Documents printed in parts are bound into one: pages, tags and bookmarks in their order.

A document of thousands of pages would take gigabytes in one piece. Printed in parts of some hundred
pages, and bound here, it takes what its parts take. The result is tagged as they are: one structure
tree whose one Document holds what each part's held (ISO 32000-1, 14.7), one tree of bookmarks, and
the title, language and claims of the first part.
"""

import io
from collections.abc import Iterable

import pikepdf


def bind(parts: Iterable[bytes]) -> bytes:
    """The same parts give the same bytes. ValueError without any part, or when one has no tags."""
    parts = iter(parts)
    first = next(parts, None)
    if first is None:
        raise ValueError("There is nothing to bind.")
    with pikepdf.open(io.BytesIO(first)) as whole:
        _root(whole)
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as source:
                _append(whole, source)
        file = io.BytesIO()
        whole.save(
            file,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            deterministic_id=True,
        )
    return file.getvalue()


def _append(whole: pikepdf.Pdf, source: pikepdf.Pdf) -> None:
    """Pages first: what refers to one of them is then copied with a reference to its copy."""
    tags, offset = _root(source), len(_root(whole).ParentTree.Nums) // 2
    for page in source.pages:
        page.StructParents = page.StructParents + offset
    whole.pages.extend(source.pages)
    _append_tags(whole, whole.copy_foreign(source.make_indirect(tags)), offset)
    if "/Outlines" in source.Root:
        _append_bookmarks(whole, whole.copy_foreign(source.Root.Outlines))


def _root(document: pikepdf.Pdf) -> pikepdf.Object:
    root = document.Root.get("/StructTreeRoot")
    if root is None or len(root.K) != 1:
        raise ValueError("A part without tags, or with more than one document in them.")
    return root


def _append_tags(whole: pikepdf.Pdf, tags: pikepdf.Object, offset: int) -> None:
    root = _root(whole)
    document = root.K[0]
    for element in tags.K[0].K:
        element.P = document
        document.K.append(element)
    numbers = tags.ParentTree.Nums
    for index in range(0, len(numbers), 2):
        root.ParentTree.Nums.append(int(numbers[index]) + offset)
        root.ParentTree.Nums.append(numbers[index + 1])


def _append_bookmarks(whole: pikepdf.Pdf, added: pikepdf.Object) -> None:
    if "/Outlines" not in whole.Root:
        whole.Root.Outlines = added
        return
    bookmarks = whole.Root.Outlines
    mark = added.First
    while mark is not None:
        mark.Parent = bookmarks
        mark = mark.get("/Next")
    bookmarks.Last.Next, added.First.Prev = added.First, bookmarks.Last
    bookmarks.Last = added.Last
    bookmarks.Count = bookmarks.Count + added.Count
