"""The HTTP API: the verbs for programs in any language and for pages."""

from __future__ import annotations

from headway.server.app import create_app

__all__ = ["create_app"]
