"""Dates and times as written in French."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G \\h i"  # « 9 h 30 »
