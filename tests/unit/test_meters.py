"""What the meters read out of the output of tools, and what they leave alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.runtime.meters import Reading, meter_for, plain, wants_terminal
from headway.runtime.meters.reading import amount

CURL = " 81 28.6M   81 23.2M    0     0  19.9M      0  0:00:01  0:00:01 --:--:-- 20.0M"
UPLOAD = " 50 10.0M    0     0   50 5120k      0  2.0M  0:00:05  0:00:02  0:00:03 2.0M"
PIP = "     \x1b[38;5;70m━━━━━\x1b[0m\x1b[90m╸━━━\x1b[0m \x1b[32m3.1/10.2 MB\x1b[0m \x1b[31m5.1 MB/s\x1b[0m"
FFMPEG = "frame=  750 fps= 75 q=28.0 size=    1024kB time=00:00:30.00 bitrate= 279.6kbits/s speed=3x"


def read(argv: str, *lines: str, redraw: bool = False) -> Reading | None:
    """The reading of the last line."""
    meter = meter_for(argv.split())
    return [meter.read(line, redraw) for line in lines][-1]


def numbers(reading: Reading | None) -> tuple[float | None, float | None, str | None, float | None]:
    assert reading is not None
    return reading.done, reading.total, reading.unit, reading.percent


@pytest.mark.parametrize(
    ("argv", "line", "expected"),
    [
        ("rsync -a --info=progress2 a b", "  1,500,000  25%  1.2MB/s  0:00:03 ", (1.5e6, None, "B", 25)),
        (
            "rsync --info=progress2 -h a b",
            "  1.50M  25%  1.2MB/s  0:00:03 (xfr#1, ir-chk=9/12)",
            (1.5 * 2**20, None, "B", 25),
        ),
        ("rsync --info=progress2 a b", "  1.500.000  25%  1,2MB/s  0:00:03", (1.5e6, None, "B", 25)),
        ("rsync --progress a b", "  3,000 100%  1MB/s  0:00:00 (xfr#2, to-chk=3/5)", (2, 5, "files", None)),
        (
            "rsync --progress a b",
            "  3,000 100%  1MB/s  0:00:00 (xfr#2, ir-chk=3/5)",
            (2, None, "files", None),
        ),
        (
            "dd if=a of=b",
            "1048576 bytes (1.0 MB, 1.0 MiB) copied, 2 s, 524 kB/s",
            (1048576, None, "B", None),
        ),
        (
            "dd if=a of=b bs=1M count=4",
            "1048576 bytes (1.0 MB, 1.0 MiB) copied, 2 s, 5 kB/s",
            (2**20, 2**22, "B", None),
        ),
        (
            "pv -f a",
            "20.0MiB 0:00:01 [18.4MiB/s] [=====>     ] 69% ETA 0:00:00",
            (20 * 2**20, None, "B", 69),
        ),
        ("pv -f", "28.6MiB 0:00:01 [19.7MiB/s] [ <=>      ]", (round(28.6 * 2**20), None, "B", None)),
        ("pv -n a", "69", (None, None, None, 69)),
        ("curl -O url", CURL, (round(23.2 * 2**20), round(28.6 * 2**20), "B", 81)),
        ("curl -T file url", UPLOAD, (5 * 2**20, 10 * 2**20, "B", 50)),
        ("curl -# -O url", "################          45.3%", (None, None, None, 45.3)),
        ("wget url", " 29200K .......... .......... ..........  99% 1.07G 0s", (None, None, None, 99)),
        (
            "wget url",
            "a.iso   42%[=====>    ]  12.5M  30.0MB/s    eta 2s",
            (round(12.5 * 2**20), None, "B", 42),
        ),
        ("pip install x", PIP, (3.1e6, 10.2e6, "B", None)),
        ("pip install --progress-bar=raw x", "Progress 500 of 16918164", (500, 16918164, "B", None)),
        (
            "git clone url",
            "Receiving objects:  55% (550/1000), 1.2 MiB | 3 MiB/s",
            (550, 1000, "objects", None),
        ),
        ("cmake --build .", "[ 45%] Building C object a.c.o", (None, None, None, 45)),
        ("ninja", "[12/340] CXX a.o", (12, 340, None, None)),
    ],
)
def test_a_tool_is_read_by_its_own_meter(
    argv: str, line: str, expected: tuple[float | None, float | None, str | None, float | None]
) -> None:
    """What each tool prints becomes what is done, its total, its unit and the percentage."""
    assert numbers(read(argv, line)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("55%|█████▌    | 5500/10000 [00:49<00:40, 110.2row/s]", (5500, 10000, "row", 55)),
        ("load: 41%|████▏   | 2.25M/5.50M [00:00<00:00, 6.99MB/s]", (2.25e6, 5.5e6, "B", 41)),
        ("load: 41%|████▏   | 2.25k/5.50k [00:00<00:00, 6.99kpage/s, loss=3]", (2250, 5500, "page", 41)),
        ("  0%|          | 0/300 [00:00<?, ?it/s]", (0, 300, "it", 0)),
        (" 10%|█         | 1/10 [00:03<00:27,  3.00s/file]", (1, 10, "file", 10)),
        ("scan: 92it [00:00, 909.52it/s]", (92, None, "it", None)),
    ],
)
def test_tqdm_is_read_in_any_program(
    line: str, expected: tuple[float | None, float | None, str | None, float | None]
) -> None:
    """A bar of tqdm is read with its scale and its unit, whatever program draws it."""
    assert numbers(read("python nightly.py", line)) == expected


def test_of_nested_bars_the_first_owns_the_progress() -> None:
    """An inner bar of tqdm is a message; when the outer one is full the next bar takes over."""
    outer, inner = "outer: {}%|#| {}/2 [00:00<00:00, 1it/s]", "inner: 50%|# | 5/10 [00:00<00:00, 1it/s]"
    meter = meter_for(["python", "nightly.py"])
    assert numbers(meter.read(outer.format(50, 1))) == (1, 2, "it", 50)
    assert meter.read(inner) == Reading(message="inner 5/10", whole=True)
    meter.read(outer.format(100, 2))
    assert numbers(meter.read(inner)) == (5, 10, "it", 50)


def test_the_percentage_of_one_file_is_not_that_of_the_transfer() -> None:
    """rsync --progress: while a file is copied its percentage is only told."""
    reading = read("rsync --progress a b", "movie.mkv", "  3,000  55%  1MB/s  0:00:09")
    assert reading == Reading(message="movie.mkv 55%", whole=True)


def test_only_the_main_stage_of_git_counts() -> None:
    """git counts to 100 % several times; one stage owns the numbers, the others are messages."""
    assert read("git fetch", "remote: Counting objects: 100% (7/7), done.") == Reading(message="Counting objects 7/7")
    assert read("git checkout x", "Updating files:  50% (5/10)") == Reading(5, 10, "files", None, "Updating files")
    after = read("git clone x", "Receiving objects: 100% (9/9)", "Updating files:  50% (5/10)")
    assert after == Reading(message="Updating files 5/10")


def test_wget_knows_the_length_it_was_told() -> None:
    """The exact length that the server told is the total of the bar."""
    reading = read("wget u", "Length: 30000000 (29M) [application/x]", "f  100%[====>]  28.61M  34.6MB/s    in 0.8s")
    assert numbers(reading) == (29999759, 30000000, "B", 100)


def test_docker_sums_its_layers() -> None:
    """docker pull: the layers count together, a layer that is complete in full."""
    one, two = "aaaaaaaaaaaa: Downloading [==>   ]  2MB/10MB", "bbbbbbbbbbbb: Downloading [=>    ]  1MB/30MB"
    assert numbers(read("docker pull x", one, two)) == (3e6, 40e6, "B", None)
    assert numbers(read("docker pull x", one, two, "aaaaaaaaaaaa: Download complete")) == (
        11e6,
        40e6,
        "B",
        None,
    )


def test_ffmpeg_counts_seconds_of_media() -> None:
    """The time written, of the duration of the first input."""
    assert numbers(read("ffmpeg -i a b", "  Duration: 00:01:00.00, start: 0.0, bitrate: 9 kb/s", FFMPEG)) == (
        30,
        60,
        "s",
        None,
    )


def test_pip_says_what_it_collects() -> None:
    """pip's steps are messages and stay in the log."""
    assert read("pip install numpy", "Collecting numpy==2.4.6") == Reading(message="Collecting numpy==2.4.6")


@pytest.mark.parametrize(
    ("line", "percent"),
    [
        ("45%", 45),
        ("[ 45%] Building", 45),
        ("tests/test_x.py ....... [ 45%]", 45),
        ("[#####-----] 45%", 45),
        ("Progress: [ 45%] [#####.....]", 45),
        ("progress 45.5%", 45.5),
        ("45% [3 python3 12.1 kB/50 kB 24%]", 45),
        ("45% complete", 45),
        ("\x1b[32m45%\x1b[0m", 45),
    ],
)
def test_what_looks_like_a_meter_is_one(line: str, percent: float) -> None:
    """An unknown program's percentage counts where it stands as meters put it."""
    reading = read("./deploy.sh", line)
    assert reading is not None
    assert reading.percent == percent


@pytest.mark.parametrize(
    "line",
    [
        "disk 95% full",
        "95% of the requests took 3 ms",
        "WARNING: /var is at 95%",
        "cpu 12% mem 40%",
        "[ 450%] nonsense",
        "[2026/11] report",
        "[info] 45% of users",
        "saved 45% (12 of 40)",
        "",
    ],
)
def test_a_log_line_is_no_meter(line: str) -> None:
    """A percentage in a sentence is never the job's."""
    assert read("./deploy.sh", line) is None


def test_a_line_drawn_over_itself_is_a_meter() -> None:
    """After a carriage return any percentage counts, but not two of them."""
    assert numbers(read("./deploy.sh", "copying a.img 45% 3 MB/s", redraw=True))[3] == 45
    assert read("./deploy.sh", "cpu 12% mem 40%", redraw=True) is None


@pytest.mark.parametrize(
    ("regex", "line", "expected"),
    [
        (r"(\d+)% finished", "the import is 45% finished", Reading(percent=45)),
        (r"row (?P<done>\S+) of (?P<total>\S+)", "row 1,500 of 2.5k", Reading(done=1500, total=2500)),
        (
            r"(?P<done>\d+) (?P<unit>\w+): (?P<message>.*)",
            "7 tables: users",
            Reading(done=7, unit="tables", message="users"),
        ),
        (r"at (?P<percent>\S+)", "at 45%", Reading(percent=45)),
        (r"at (?P<percent>\S+)", "at last", None),
        (r"at (?P<percent>\S+)", "at 450%", None),
    ],
)
def test_a_regex_of_the_user_replaces_the_meters(regex: str, line: str, expected: Reading | None) -> None:
    """--progress-regex reads its named groups, or one unnamed group as the percentage."""
    assert meter_for(["rsync"], regex).read(line) == expected


@pytest.mark.parametrize("regex", ["(", "no group", r"(\d+) (\d+)", r"(?P<rows>\d+)"])
def test_a_bad_regex_says_what_is_expected(regex: str) -> None:
    """A regex that can not be used is refused with what would be right."""
    with pytest.raises(ValueError, match=r"expected named groups among \(\?P<done>"):
        meter_for(["rsync"], regex)


@pytest.mark.parametrize(
    "argv",
    [
        ["/usr/bin/git", "clone", "url"],
        ["env", "-u", "HOME", "A=1", "git", "clone"],
        ["sudo", "-u", "deploy", "nice", "-n", "5", "git", "fetch"],
        ["timeout", "-k", "5", "60", "git", "fetch"],
        ["sh", "-c", "cd /srv && git fetch"],
        ["bash", "-ec", "for x in a b; do git -C $x fetch; done"],
        ["sh", "-c", "git fetch 2>&1 | tee log"],
        ["python3.11", "-m", "pip", "install", "x"],
        ["pip3", "install", "x"],
    ],
)
def test_a_program_is_found_behind_others(argv: list[str]) -> None:
    """The meter is chosen by the program that does the work, through wrappers and shells."""
    assert wants_terminal(argv)


@pytest.mark.parametrize("argv", [["rsync", "a", "b"], ["echo", "git"], ["sh", "-c", "echo 'git"], ["sh"], ["env"], []])
def test_other_programs_get_no_terminal(argv: list[str]) -> None:
    """A terminal is for programs that need one to draw; words that only look like them do not count."""
    assert not wants_terminal(argv)


def test_several_programs_of_one_line_are_all_read() -> None:
    """In a pipe of a shell every known program may tell the progress."""
    argv = ["sh", "-c", "curl -s url | pv -n -s 9m > file; rsync --info=progress2 a b"]
    meter = meter_for(argv)
    assert numbers(meter.read("45"))[3] == 45
    assert numbers(meter.read("  1,500,000  25%  1.2MB/s  0:00:03 "))[0] == 1.5e6


def test_escape_sequences_are_left_out() -> None:
    """Colours, cursor moves, titles and links leave the words."""
    assert plain("\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1b[2K\x1b[?25lon\x1b(B") == "red on"


@pytest.mark.parametrize(
    ("text", "base", "value"),
    [
        ("5,500", 1000, 5500),
        ("2.71M", 1000, 2.71e6),
        ("1k", 1024, 1024),
        ("3 KiB", 1000, 3072),
        ("2,5", 1000, 2.5),
        ("x", 1000, None),
    ],
)
def test_amounts(text: str, base: int, value: float | None) -> None:
    """Numbers are read with their thousands, their prefix and either decimal sign."""
    assert amount(text, base) == value


@pytest.mark.parametrize("count", ["9" * 5000, "9" * 400, "99999P"])
def test_impossible_counts_are_left_out(count: str) -> None:
    """A number that no count can be is not handed on, and breaks nothing."""
    reading = meter_for(["x"], r"(?P<done>\S+) of (?P<total>\d+) (?P<message>\w+)").read(f"{count} of 0 rows")
    assert reading == Reading(message="rows")
    assert read("git clone x", f"Receiving objects: 1% (1/{count})") in {
        None,
        Reading(1, None, "objects", None, "Receiving objects"),
    }


@given(st.text(max_size=300))
def test_no_line_breaks_a_meter(line: str) -> None:
    """Whatever a program prints, reading it raises nothing and gives percentages between 0 and 100."""
    for argv in (
        "rsync --progress",
        "dd",
        "pv -n",
        "curl",
        "wget",
        "docker",
        "pip",
        "git",
        "ffmpeg",
        "other",
    ):
        reading = read(argv, line, redraw=True)
        assert reading is None or reading.percent is None or 0 <= reading.percent <= 100
