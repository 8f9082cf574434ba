"""The app: its layers, and the routes of all parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from starlette.routing import BaseRoute

from headway.server.site import Site

Part = Callable[[Site], Sequence[BaseRoute]]

PARTS: list[Part] = []
"""What each file of routes adds: its routes below PREFIX, for one site. They share its verbs (`site.hw`), end when it
leaves (`site.when_leaving`), and stand behind the layers that check host, origin, permission and size."""
