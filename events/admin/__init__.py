"""The team's pages for editions, places, partners, figures and the press."""

from events.admin import edition, places, press, press_kit

__all__ = ["edition", "places", "press", "press_kit"]
