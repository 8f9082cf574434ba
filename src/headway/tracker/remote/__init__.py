"""The verbs over HTTP: the same signatures, answers and exceptions, on whatever database a server has."""

from headway.tracker.remote.verbs import Remote

__all__ = ["Remote"]
