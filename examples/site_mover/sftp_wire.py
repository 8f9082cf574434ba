"""What the SFTP client of paramiko lacks: names of any bytes, windows of requests, extensions.

paramiko's own pipelined writes drop the error of any write whose answer arrives during another request,
so they are not used: a full disk would pass for a finished file.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paramiko import Message, SFTPClient, SSHException
from paramiko.sftp import CMD_DATA, CMD_EXTENDED, CMD_NAME, CMD_READ, CMD_STATUS, CMD_WRITE, int64
from paramiko.sftp_attr import SFTPAttributes
from paramiko.sftp_file import SFTPFile

from examples.site_mover.places import name_text

REQUEST = 1 << 15  # bytes in one request: what every server takes


class AnyNameClient(SFTPClient):
    """An SFTP client for names that need not be UTF-8. Paths are passed as bytes."""

    if TYPE_CHECKING:  # paramiko has them; its published types do not

        def _request(self, command: int, *arguments: Any) -> tuple[int, Message]: ...
        def _async_request(self, receiver: Any, command: int, *arguments: Any) -> int: ...
        def _convert_status(self, message: Message) -> None: ...

    def entries(self, folder: bytes) -> list[SFTPAttributes]:
        """What is in a folder, in the server's order."""
        return self.listdir_attr(folder)  # type: ignore[arg-type]  # bytes are fine, the types say text

    def read_at(self, opened: SFTPFile, offset: int, size: int) -> bytes:
        """Up to size bytes from offset, in one window of requests; shorter only at the end of the file."""
        starts = range(offset, offset + size, REQUEST)
        requests = [(opened.handle, int64(at), min(REQUEST, offset + size - at)) for at in starts]
        data = bytearray()
        for asked, answer in zip(requests, self._window(CMD_READ, requests), strict=True):
            piece = b"" if answer is None else answer.get_string()
            data += piece
            if len(piece) < asked[2]:
                break  # what follows lies behind the end, or behind a gap that the next call asks for
        return bytes(data)

    def write_at(self, opened: SFTPFile, offset: int, data: bytes) -> None:
        """Write all of data at offset; returns when the server has answered for every piece of it."""
        starts = range(0, len(data), REQUEST)
        self._window(CMD_WRITE, [(opened.handle, int64(offset + at), data[at : at + REQUEST]) for at in starts])

    def extended(self, name: str, argument: Any) -> Message | None:
        """The answer to a request beyond the standard, or None if the server does not know it."""
        try:
            return self._request(CMD_EXTENDED, name, argument)[1]
        except OSError:
            return None

    def _window(self, command: int, requests: Sequence[tuple[Any, ...]]) -> list[Message | None]:
        answers = _Answers(self)
        numbers = [self._async_request(answers, command, *request) for request in requests]
        while len(answers.found) < len(numbers):
            self._read_response()
        found = [answers.found[number] for number in numbers]
        for answer in found:
            if isinstance(answer, OSError):
                raise answer
        return [answer if isinstance(answer, Message) else None for answer in found]

    def _read_response(self, waitfor: int | None = None) -> tuple[Any, Any]:
        command, message = super()._read_response(waitfor)  # type: ignore[misc]
        return command, _names(message) if command == CMD_NAME else message


class _Answers:
    """Collects the answers to one window, by request number: a message, the end of the file (None), or an
    error.
    """

    def __init__(self, client: AnyNameClient) -> None:
        self._client = client
        self.found: dict[int, Message | OSError | None] = {}

    def _async_response(self, command: int, message: Message, number: int) -> None:
        if command == CMD_DATA:
            self.found[number] = message
            return
        if command != CMD_STATUS:
            raise SSHException(f"the server answered a read or write with message type {command}")
        try:
            self._client._convert_status(message)
            self.found[number] = None
        except EOFError:
            self.found[number] = None
        except OSError as error:
            self.found[number] = error


class _NameMessage(Message):
    def get_text(self) -> str:
        return name_text(self.get_string())


def _names(message: Message) -> Message:
    wrapped = _NameMessage()
    wrapped.packet = message.packet
    return wrapped
