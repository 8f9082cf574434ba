"""How the bytes of a stream become lines."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from headway.runtime.lines import MAX_LINE_BYTES, Line, LineSplitter


def split(*chunks: bytes) -> list[Line]:
    splitter = LineSplitter("stdout")
    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    return lines + list(splitter.finish())


def test_newlines_end_lines_and_the_end_does() -> None:
    """Each newline ends a line, empty ones too; the last text needs none."""
    assert [line.text for line in split(b"a\n\nb")] == ["a", "", "b"]


def test_a_carriage_return_before_a_newline_is_part_of_it() -> None:
    """Lines of terminals and of other systems end once, also when their end comes in two reads."""
    assert split(b"a\r\nb\r\r\n", b"c\r", b"\n") == [
        Line("stdout", "a"),
        Line("stdout", "b"),
        Line("stdout", "c"),
    ]


def test_a_carriage_return_draws_over() -> None:
    """What follows a carriage return is drawn over what stood before it."""
    assert split(b"1%\r2%\r3%\ndone\n") == [
        Line("stdout", "1%", "redraw"),
        Line("stdout", "2%", "redraw", redrawn=True),
        Line("stdout", "3%", "line", redrawn=True),
        Line("stdout", "done"),
    ]


def test_text_that_waits_is_shown_once() -> None:
    """Text without an end can be seen before it ends, once for each change."""
    splitter = LineSplitter("stderr")
    assert not list(splitter.feed(b"\r 5%"))
    assert list(splitter.peek()) == [Line("stderr", " 5%", "open", redrawn=True)]
    assert not splitter.has_unseen
    assert not list(splitter.peek())
    assert [line.kind for line in splitter.feed(b" \n")] == ["line"]


def test_a_long_line_is_cut_and_says_so() -> None:
    """Of a line over 64 KiB the rest is dropped and counted; the next line is whole again."""
    first, second = split(b"x" * MAX_LINE_BYTES, b"y" * 10, b"\nshort\n")
    assert first.text == "x" * MAX_LINE_BYTES + " [cut: 10 more bytes]"
    assert second.text == "short"


def test_bytes_that_are_no_text_are_replaced() -> None:
    """Invalid UTF-8 and NUL become U+FFFD; a character that comes in two reads stays whole."""
    assert [line.text for line in split(b"a\xff\x00b\n", b"\xc3", b"\xa9\n")] == ["a\ufffd\ufffdb", "é"]


@given(st.binary(max_size=200), st.integers(0, 200))
def test_lines_do_not_depend_on_how_the_bytes_arrive(data: bytes, place: int) -> None:
    """Cut anywhere, the same bytes give the same lines."""
    assert split(data[:place], data[place:]) == split(data)
