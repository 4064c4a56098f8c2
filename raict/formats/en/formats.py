"""Dates and times as written in English in Europe."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "G:i"
