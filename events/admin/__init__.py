"""The team's pages for editions, places, partners, figures and the press."""

from events.admin import edition, mailing, places, press, press_kit, press_list

__all__ = ["edition", "mailing", "places", "press", "press_kit", "press_list"]
