"""Dates and times as written in French."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G\u00a0\\h\u00a0i"  # « 9 h 30 », with no-break spaces
