"""The item that a piece of work is at: what is known of it, and what the work says of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any

from headway.errors import InvalidInput, Unstorable
from headway.model.job import Item
from headway.model.value import BadValue, clean_text, decode, encode
from headway.store.ledgers import KeptItem
from headway.store.moving import TENANT

if TYPE_CHECKING:
    from headway.runtime.ledger import Ledger

LONGEST_HASH = 500
"""Characters of a content hash: it has to fit into an index of the database."""
LONGEST_REASON = 1000
MOST_STATUS = 1 << 31


class ItemAtHand:
    """One member of a ledger while it is worked on; current_item() finds it from any depth.

    size: in the unit in which sizes were given, mostly bytes. state: pending while it is worked on.
    """

    is_item = True
    is_map = False

    # What few items have stands here, so that an item costs no more than what is told of it.
    state = "pending"
    hash: str | None = None
    status_code: int | None = None
    duplicate_of: str | None = None
    error: str | None = None
    kept = False  # recorded done by a transaction, before the work on it has ended
    counted = False  # whether it is among the ledger's totals
    moved = 0.0  # how much of its size progress() has told
    used = 0  # earlier tries, those of other attempts at the job included
    tries = 0  # failed ones, also in earlier attempts at the job, since a user's last retry
    member: Any = None  # of what is not a ledger
    raw: tuple[str, str | None] | None = None  # key and value as they were given, where secrets had to go from them
    _data = "{}"

    def __init__(
        self, ledger: Ledger, key: str, position: int, value: str | None = None, size: float | None = None
    ) -> None:
        self._ledger = ledger
        self.stored_key = key
        self.position = position
        self.size = size
        self._value = value

    @classmethod
    def of(cls, ledger: Ledger, kept: KeptItem) -> ItemAtHand:
        """An item that is stored."""
        key, position, _, used, value, size, digest, status_code, duplicate_of, data, tries = kept
        item = cls(ledger, key, position, value, size)
        item.counted = True
        if ledger.given:
            item.raw = ledger.given.get(key)
        if used:
            item.used, item.tries = used, tries
        if data != "{}":
            item._data = data
        if digest is not None:
            item.hash, item.duplicate_of = digest, duplicate_of
        if status_code is not None:
            item.status_code = status_code
        return item

    @cached_property
    def times(self) -> dict[str, tuple[tuple[int | str, ...], int]]:
        """How often loops began at which place inside the work on it."""
        return {}

    @property
    def job_id(self) -> str:
        """The id of the job that the item belongs to."""
        return self._ledger.job_id

    @property
    def key(self) -> str:
        """By what it is told from the others: as it was added in this attempt, else as it is stored."""
        return self.stored_key if self.raw is None else self.raw[0]

    @property
    def value(self) -> Any:
        """What was added with the key."""
        return decode(self._value if self.raw is None else self.raw[1])

    @property
    def data(self) -> dict[str, Any]:
        """A copy of what save() kept, in this try or an earlier one."""
        data: dict[str, Any] = decode(self._data)
        return data

    @property
    def attempt(self) -> int:
        """Which try at the item this is, from 1."""
        return self.used + 1

    def save(
        self, *, hash: str | None = None, status_code: int | None = None, size: float | None = None, **data: Any
    ) -> None:
        """Keeps what is known of the item, merged into its data: stored within 100 ms, and with ctx.settle().

        hash: of its content; where an earlier item of the ledger has the same one, `duplicate_of` is that item's key
        from here on. status_code: of the answer it got. Raises InvalidInput, Unstorable; then nothing has changed.
        """
        digest = self.hash if hash is None else _a_hash(hash)
        code = self.status_code if status_code is None else _a_status(status_code)
        now_size = None if size is None else a_size(size)
        text = self._merged(data) if data else self._data
        if digest is not None and digest != self.hash:
            self.duplicate_of = self._ledger.first_with(digest, self.stored_key)
        self.hash, self.status_code, self._data = digest, code, text
        self._ledger.save(self, now_size)

    def progress(self, *, add: float) -> None:
        """So much more of the item's size is done. Costs next to nothing."""
        self.moved += a_size(add)
        self._ledger.moving[self] = None

    def skip(self, reason: str | None = None) -> None:
        """The item is passed over: when the function returns it counts as skipped, not as done."""
        self.state = "skipped"
        self.error = None if reason is None else told("skipped", reason)

    def take(self, result: dict[str, Any]) -> None:
        """What the function returned is merged into the data. Raises Unstorable."""
        self._data = self._merged(result)

    def row(self, now: float) -> dict[str, Any]:
        """The item as save_items.sql takes it."""
        ledger = self._ledger
        return {
            "tenant": TENANT, "job": ledger.job_id, "ledger": ledger.name, "key": self.stored_key,
            "position": self.position, "state": self.state, "attempts": self.used, "value": self._value,
            "size": self.size, "hash": self.hash, "status_code": self.status_code, "duplicate_of": self.duplicate_of,
            "data": self._data, "error": self.error, "updated_at": now,
        }  # fmt: skip

    def snapshot(self) -> Item:
        """The item as another process can be handed it."""
        return Item(
            job_id=self._ledger.job_id, ledger=self._ledger.name, key=self.key, state="pending", attempts=self.attempt,
            value=self.value, size=self.size, hash=self.hash, status_code=self.status_code,
            duplicate_of=self.duplicate_of, data=self.data,
        )  # fmt: skip

    @contextmanager
    def done_within(self) -> Iterator[None]:
        """The item is recorded done by the transaction that the block ends."""
        with self._ledger.done_within(self):
            yield

    @property
    def saved(self) -> tuple[str, str | None, str | None, int | None]:
        """What save() has kept: to be set again where that was rolled back."""
        return self._data, self.hash, self.duplicate_of, self.status_code

    @saved.setter
    def saved(self, before: tuple[str, str | None, str | None, int | None]) -> None:
        self._data, self.hash, self.duplicate_of, self.status_code = before

    # What a tracked loop inside the work on an item sees of it: the place where it begins.

    @property
    def label(self) -> str:
        """The name of the ledger."""
        return self._ledger.name

    @property
    def member_at_hand(self) -> str:
        """Which member of the ledger it is."""
        return self.stored_key

    def begun_inside(self) -> None:
        """A loop begins inside it: nothing to do, since no item waits for the end of another."""

    def _merged(self, data: dict[str, Any]) -> str:
        try:
            return encode({**decode(self._data), **data}, f"the data of item {self.stored_key[:60]!r}")
        except BadValue as problem:
            raise Unstorable(f"{problem}.") from None


def told(code: str, message: str) -> str:
    """Why an item was skipped or failed, as the JSON text of an error."""
    return encode({"code": code, "message": clean_text(str(message), LONGEST_REASON)}, "the reason")


def a_size(given: Any) -> float:
    """A size. Raises InvalidInput."""
    if isinstance(given, int | float) and not isinstance(given, bool) and 0 <= given < 1e300:
        return float(given)
    raise InvalidInput(f"{given!r:.60} is no size of an item: expected a number, 0 or more.")


def _a_hash(given: Any) -> str:
    if isinstance(given, str) and 0 < len(given) <= LONGEST_HASH and given.isascii() and given.isprintable():
        return given
    raise InvalidInput(
        f"{given!r:.60} is no hash of an item: expected text of 1 to {LONGEST_HASH} characters, such as a hexdigest()."
    )


def _a_status(given: Any) -> int:
    if isinstance(given, int) and not isinstance(given, bool) and abs(given) < MOST_STATUS:
        return int(given)
    raise InvalidInput(f"{given!r:.60} is no status code of an item: expected a whole number such as 404.")


ITEM: ContextVar[ItemAtHand | None] = ContextVar("headway_item", default=None)


def current_item() -> ItemAtHand | None:
    """The item that the calling code works on, in a map or in a loop over a ledger; None elsewhere."""
    return ITEM.get()
