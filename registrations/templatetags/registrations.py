"""How a registration speaks."""

from django import template

from registrations.history import sentence

register = template.Library()
register.filter("sentence", sentence)
