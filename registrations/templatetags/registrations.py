"""How a registration speaks."""

from django import template

from raict.typography import moment
from registrations.history import sentence

register = template.Library()
register.filter("sentence", sentence)
register.filter("moment", moment)
