"""The HTTP API: the verbs for programs in any language and for pages."""

from __future__ import annotations

try:
    from headway.server.app import create_app
except ModuleNotFoundError as missing:
    if (missing.name or "").partition(".")[0] == "headway":
        raise
    raise ModuleNotFoundError(
        f"headway.server needs the server extra, which is not installed ({missing.name} is missing): "
        "pip install 'headway[server]'",
        name=missing.name,
    ) from None

__all__ = ["create_app"]
