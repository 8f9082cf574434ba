"""Jobs that know secrets and tell them wherever a job can tell something."""

from __future__ import annotations

import base64
import json
import logging
import os
import signal
from urllib.parse import quote

import headway
from headway import Secret


@headway.job("secrets.tell")
def tell(ctx: headway.Context, password: Secret, ends: list[dict[str, Secret]], by_name: Secret, do: str) -> str:
    """Tells all of its secrets; then does what it was asked to: end, fail, die, or wait."""
    texts = [password.reveal(), by_name.reveal(), *(one.reveal() for end in ends for one in end.values())]
    texts += [ctx.config["db"]["password"].reveal(), ctx.config["target"].reveal()]
    ctx.undo("secrets.undo", {"password": password})
    for n, text in enumerate(texts):
        _tell(ctx, n, text)
    if do == "spawn":
        ctx.gather(ctx.spawn("secrets.child", {"password": password}))
    if do == "die" and ctx.attempt == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "wait":
        while True:
            ctx.sleep(0.05)
    if do == "fail":
        raise ConnectionError(f"no login as anna with {texts!r}") from ValueError(texts[0])
    return " ".join(texts)


@headway.job("secrets.child")
def child(ctx: headway.Context, password: Secret) -> str:
    ctx.log(f"the child has {password.reveal()}")
    return password.reveal()


@headway.job("secrets.undo")
def undo(ctx: headway.Context, password: Secret) -> dict[str, str]:
    ctx.log(f"undone with {password.reveal()}")
    return {"with": password.reveal()}


def _tell(ctx: headway.Context, n: int, text: str) -> None:
    ctx.log(text, coded=base64.b64encode(f"anna:{text}".encode()).decode(), nested=json.dumps({"p": [text]}))
    ctx.log("x" * (64 * 1024 - 9) + text)
    ctx.warn(f"https://anna:{quote(text, safe='')}@host/")
    logging.getLogger("a.library").error("no login with %r", text)
    ctx.progress(done=n, total=20, message=f"with {text}", data={text: text})
    ctx.step(f"step {n} {text}", lambda: {"kept": text, text: 1})
    ctx.checkpoint({f"at {n}": text})
    ledger = ctx.items("tokens")
    ledger.add(f"https://host/?token={text}", {"of": text})
    for item in ledger:
        item.save(header=text)
    ctx.artifact(f"report {text}", b"empty")
    ctx.run(["printenv", "A_TEST_PW"], env={**os.environ, "A_TEST_PW": text})
