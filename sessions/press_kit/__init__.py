"""The press kit: everything that is public about an edition for the press, as one ZIP file.

archive.py    a file of the kit; the ZIP file and its key, which tells its bytes apart
contents.py   all files of an edition's kit, from the rows
releases.py, programme.py, pictures.py, figures.py, people.py   those of one folder each
making.py     when a kit is made anew, by whom, and where it lies
views.py      the download

It lives here and not in events because it holds the programme. Nothing in it is read past a
`public()` queryset: no draft, no embargo, no unpublished session or picture, nobody who registered.
"""
