"""Calls of a server that wait as long as a busy machine may need; by themselves they give up after 5 or 10 s."""

from __future__ import annotations

from functools import partial

import httpx2
from websockets.sync import client

PATIENCE_S = 60.0
LEAVING_S = 2.0
"""For the answer to a goodbye: a client that has left messages unread can not hear it however long it waits."""

get = partial(httpx2.get, timeout=PATIENCE_S)
post = partial(httpx2.post, timeout=PATIENCE_S)
options = partial(httpx2.options, timeout=PATIENCE_S)
connect = partial(client.connect, open_timeout=PATIENCE_S, close_timeout=LEAVING_S, ping_interval=None)
