"""Lists of the team's in a spreadsheet: out, edited there, and in again after a look at each difference.

From the inside out: `kinds` (what a cell means), `table` (the columns of a subject and who writes its
rows; each app declares its own in its tables.py, and settings.TABLES names them), `comparing` (a file
against the rows: every difference, nothing written), `importing` (a file is taken, compared, applied,
forgotten), `admin` (the pages; `TableAdmin` for the lists).
"""
