"""How it went, counted from the rows themselves."""

from uploads.analytics.trackers import TrackerFigures, tracker_figures

__all__ = ["TrackerFigures", "tracker_figures"]
