"""`headway session`: workspaces on the command line."""

from __future__ import annotations

import signal
import subprocess

import pytest

from headway import Headway, Job, NotFound
from tests.cli.command import Cli

CONFIGS = {
    "a.json": '{"left": {"host": "h", "port": 22}, "names": ["a"]}',
    "a.toml": 'names = ["a"]\n[left]\nhost = "h"\nport = 22\n',
    "a.yaml": "left:\n  host: h\n  port: 22\nnames: [a]\n",
    "a.YML": "# a comment\nleft: {host: h, port: 22}\nnames:\n- a\n",
}
NOTE = "started with type quick, another configuration"
READ = {"left": {"host": "h", "port": 22}, "names": ["a"]}


def test_single_use_needs_no_word_about_ids(cli: Cli, hw: Headway) -> None:
    """S2.3, S2.5, S2.41: a configuration and a type are enough; with --import the work is done in this process."""
    (cli.home / "a.yaml").write_text(CONFIGS["a.yaml"])
    done = cli("session", "start", "--config", "a.yaml", "--type", "quick", "--import", "jobs.py", "--follow")
    assert done.returncode == 0, done
    assert hw.session("default").config == READ
    assert (hw.get(1).state, hw.get(1).session, hw.get(1).config_version) == ("completed", "default.yaml", 2)


def test_start_saves_only_what_is_new(cli: Cli, hw: Headway) -> None:
    """The same file again is no new version; the type is remembered."""
    (cli.home / "a.json").write_text(CONFIGS["a.json"])
    for _ in range(2):
        assert cli("session", "start", "--config", "a.json", "--type", "quick").returncode == 0
        hw.cancel("@last")
    assert cli("session", "start", "text=hello").returncode == 0
    assert hw.get("@last").input == {"text": "hello"}
    assert [one.note for one in hw.session_versions("default")] == [NOTE, None]


def test_start_names_its_session(cli: Cli, hw: Headway) -> None:
    """S2.23: the first word is the id, the others are input; whatever else is running."""
    hw.create_session("acme", {"a": 1}, "gate")
    found = cli.json("session", "start", "acme", "n:=1", "--concurrency", "3")["job"]
    assert (found["session"], found["type"], found["input"]) == ("acme", "gate", {"n": 1})
    assert hw.session("acme").concurrency == 3


def test_a_failed_job_ends_start_with_its_code(cli: Cli) -> None:
    """--follow ends as the job does; --import without it makes no sense."""
    assert cli("session", "start", "--type", "broken", "--import", "jobs.py", "-f").returncode == 3
    assert cli("session", "start", "--type", "quick", "--import", "jobs.py").returncode == 2


def test_what_runs_is_refused(cli: Cli, hw: Headway) -> None:
    """S2.9, S2.10, S2.11: a start with another limit, config and close say by which job it runs, and end with 1."""
    hw.create_session("acme", {"a": 1}, "gate")
    assert cli("session", "start", "acme").returncode == 0
    for words in (["start", "acme", "--concurrency", "3"], ["config", "acme", "--set", "a=2"], ["close", "acme"]):
        done = cli("session", *words)
        assert (done.returncode, "job 1 " in done.stderr) == (1, True), done
    assert cli.json("session", "close", "acme", code=1)["error"]["code"] == "session_busy"
    assert hw.session("acme").config == {"a": 1}


def test_create_show_list_close(cli: Cli, hw: Headway) -> None:
    """S2.12: made with all its parts, shown with them, listed beside the default, and gone when it is closed."""
    (cli.home / "a.toml").write_text(CONFIGS["a.toml"])
    made = cli.json(
        "session", "create", "acme", "--config", "a.toml", "--type", "move", "--concurrency", "4", "--owner", "anna",
        "--idle", "30m", "--keep", "1d",
    )["session"]  # fmt: skip
    assert (made["config"], made["concurrency"], made["owner"], made["idle_s"], made["keep_s"]) == (
        READ, 4, "anna", 1800.0, 86_400.0,
    )  # fmt: skip
    shown = cli("session", "show", "acme").stdout
    assert all(part in shown for part in ("acme", "anna", "move", '"port": 22', "0/4"))
    assert [one["id"] for one in cli.json("session", "ls")["sessions"]] == ["acme", "default.yaml"]
    assert "acme" in cli("session", "ls").stdout
    assert cli("session", "close", "acme").returncode == 0
    with pytest.raises(NotFound):
        hw.session("acme")
    assert cli("session", "show", "acme").returncode == 6


def test_create_without_an_id_tells_the_one_it_made(cli: Cli, hw: Headway) -> None:
    """S2.4: standard output begins with an id that can not be guessed."""
    identity = cli("session", "create").stdout.split()[0]
    assert identity.startswith("session-")
    assert hw.session(identity).id == identity


@pytest.mark.parametrize("word", ["list", "current", "default.yaml", "a/b", ""])
def test_words_that_can_be_no_new_session_are_refused(cli: Cli, word: str) -> None:
    """S2.21: with a message that names the word."""
    done = cli("session", "create", word)
    assert done.returncode in (1, 2)
    assert repr(word) in done.stderr


@pytest.mark.parametrize("name", CONFIGS)
def test_configurations_are_read_by_their_extension(cli: Cli, hw: Headway, name: str) -> None:
    """JSON, TOML and YAML give the same configuration."""
    (cli.home / name).write_text(CONFIGS[name])
    assert cli("session", "config", "--file", name, "--note", "first").returncode == 0
    assert hw.session("default").config == READ
    assert cli.json("session", "config")["config"] == READ


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ini", "[a]"), ("a", "{}"), ("a.json", "{"), ("a.json", "[1]"), ("a.toml", "="), ("a.yaml", "a: [1"),
        ("a.yaml", "- 1"), ("a.yaml", "!!python/object/apply:os.getcwd []"), ("a.json", '{"a": NaN}'),
        ("a.yaml", "a: .nan"), ("a.yaml", "1: a\n'1': b"),
    ],
)  # fmt: skip
def test_what_is_no_configuration_is_refused(cli: Cli, hw: Headway, name: str, content: str) -> None:
    """With the name of the file; nothing is saved, and nothing in a file is ever run."""
    (cli.home / name).write_text(content)
    done = cli("session", "config", "--file", name)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr
    assert hw.session("default").config_version == 1


@pytest.mark.parametrize("content", ["a: 1\nb: 2\na: 3\n", "left: [{a: 1, a: 1}]", "k: &k {a: 1, 'a': 2}\nl: *k"])
def test_a_key_that_is_there_twice_is_refused(cli: Cli, hw: Headway, content: str) -> None:
    """A file of YAML in which a mapping names a key twice says something that nobody means: the key is named."""
    (cli.home / "a.yaml").write_text(content)
    done = cli("session", "config", "--file", "a.yaml")
    assert (done.returncode, hw.session("default").config_version) == (2, 1), done
    assert "the key 'a' twice" in done.stderr


def test_what_is_merged_into_a_mapping_is_no_key_twice(cli: Cli, hw: Headway) -> None:
    """What stands in a mapping of YAML overrides what it merges, also where that is merged into a third one."""
    (cli.home / "a.yaml").write_text("a: &a {x: 1, y: 1}\nb: {c: &b {<<: *a, x: 2}}\nd: {<<: *b, y: 3}\ne: *b\n")
    assert cli("session", "config", "--file", "a.yaml").returncode == 0
    config = hw.session("default").config
    assert (config["b"]["c"], config["d"], config["e"]) == ({"x": 2, "y": 1}, {"x": 2, "y": 3}, {"x": 2, "y": 1})


def test_single_values_are_set(cli: Cli, hw: Headway) -> None:
    """key=text and key:=json, into objects by dots; what is beside them stays."""
    hw.save_session("default", READ)
    cli("session", "config", "--set", "left.port:=2222", "--set", "right.host=r", "--concurrency", "3")
    assert hw.session("default").config == {
        "left": {"host": "h", "port": 2222}, "names": ["a"], "right": {"host": "r"},
    }  # fmt: skip
    assert hw.session("default").concurrency == 3
    assert cli("session", "config", "--set", "names.x=1").returncode == 2


def test_versions_are_listed_and_printed(cli: Cli, hw: Headway) -> None:
    """Newest first, with who and what for; an old one can be read, and a save over a newer one is refused."""
    hw.create_session("acme", {"n": 1})
    hw.save_session("acme", {"n": 2}, note="the second")
    assert [one["version"] for one in cli.json("session", "config", "acme", "--versions")["versions"]] == [2, 1]
    assert "the second" in cli("session", "config", "acme", "--versions").stdout
    assert cli.json("session", "config", "acme", "--version", "1")["config"] == {"n": 1}
    assert cli("session", "config", "acme", "--version", "9").returncode == 6
    assert cli("session", "config", "acme", "--version", "1", "--set", "n:=3").returncode == 1
    assert hw.session("acme").config == {"n": 2}


def test_a_whole_session_is_controlled(cli: Cli, hw: Headway) -> None:
    """S2.30: pause, resume and cancel reach all of its jobs, with a reason."""
    hw.create_session("acme")
    jobs = [hw.submit("gate", session="acme") for _ in range(2)]
    hw.submit("gate")
    for verb, state in (("pause", "paused"), ("resume", "pending"), ("cancel", "cancelled")):
        done = cli("session", verb, "acme", "--reason", "why not")
        assert done.stdout.count(state) == 2
        assert [hw.get(job).state for job in jobs] == [state, state]
        asked = [event.data["reason"] for job in jobs for event in hw.events(job) if event.name == verb]
        assert asked == ["why not", "why not"]
    assert hw.get(3).state == "pending"


def test_session_is_an_option_of_submit_run_and_ls(cli: Cli, hw: Headway) -> None:
    """What is submitted or run belongs to the named session, and ls shows only that."""
    hw.create_session("acme")
    assert cli("submit", "gate", "--session", "acme").returncode == 0
    assert cli("run", "--session", "acme", "--", "true").returncode == 0
    assert cli("submit", "gate", "--session", "default").returncode == 0
    assert [job["number"] for job in cli.json("ls", "--session", "acme")["jobs"]] == [1, 2]
    assert [job["number"] for job in cli.json("ls", "--session", "default")["jobs"]] == [3]
    assert cli("submit", "gate", "--session", "nobody").returncode == 6


def test_a_job_that_waits_for_its_session_says_so(cli: Cli, hw: Headway) -> None:
    """G14: run waits with one line on standard error, and ends when there was room."""
    hw.create_session("acme", concurrency=1)
    with hw.tracked("first", session="acme", show=False):
        waiting = cli.start("run", "--session", "acme", "--", "echo", "in")
        assert waiting.stderr is not None
        assert b"waits for a place of session acme (1 of 1 run)" in waiting.stderr.readline()
    out, _ = waiting.communicate()
    assert (waiting.returncode, out) == (0, b"in\n")


@pytest.mark.parametrize("words", [["ls"], ["show"], ["config"], ["config", "--versions"]])
def test_every_reading_verb_answers_in_json(cli: Cli, words: list[str]) -> None:
    """--json is one document with the number of its form."""
    assert cli.json("session", *words)["schema"] == 1


def test_ctrl_c_leaves_the_job_to_other_workers(cli: Cli, hw: Headway) -> None:
    """A start that works the job itself halts it at its next checkpoint, and ends with 130."""
    started = cli.start(
        "session", "start", "--type", "gate", f"path={cli.home / 'go'}", "--import", "jobs.py", "--follow"
    )
    hw.wait(_first(hw), until="running", timeout_s=120)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate()
    assert (started.returncode, b"has halted here" in told) == (130, True), told
    assert hw.get(1).state == "pending"


def _first(hw: Headway) -> str:
    """The first job, as soon as it is there."""
    seen = 0
    while not (found := hw.jobs()):
        seen = hw.changed(seen, 1.0)
    return found[0].id


def test_a_killed_single_use_goes_on_where_it_was(cli: Cli, hw: Headway) -> None:
    """S2.5: the same line again takes up the job of the first one; there is no second one beside it."""
    line = ("session", "start", "--type", "gate", "--import", "jobs.py", "--follow", "path=opened")
    first = cli.start(*line)
    hw.wait(_launched(hw), "running", timeout_s=120)
    first.kill()
    first.wait()
    (cli.home / "opened").touch()
    done = cli(*line)
    assert (done.returncode, "Job 1 of an earlier start goes on here" in done.stderr) == (0, True), done
    assert [(job.number, job.state) for job in hw.jobs()] == [(1, "completed")]


def test_single_use_beside_a_live_one_is_refused(cli: Cli, hw: Headway) -> None:
    """With how to follow it, and with --new for another one."""
    line = ("session", "start", "--type", "gate", "--import", "jobs.py", "--follow", "path=opened")
    first = cli.start(*line)
    hw.wait(_launched(hw), "running", timeout_s=120)
    refused = cli(*line)
    assert (refused.returncode, "headway watch 1" in refused.stderr, "--new" in refused.stderr) == (1, True, True)
    second = cli.start(*line, "--new")
    hw.wait(_second(hw, second), "running", timeout_s=120)
    (cli.home / "opened").touch()
    assert (first.wait(120), second.wait(120)) == (0, 0)
    assert [job.state for job in hw.jobs()] == ["completed", "completed"]


def test_single_use_with_another_input_is_no_going_on(cli: Cli, hw: Headway) -> None:
    """What was started with something else is neither gone on with nor doubled."""
    hw.start_session("default", {"text": "a"}, job_type="quick")
    done = cli("session", "start", "--import", "jobs.py", "--follow", "text=b")
    assert (done.returncode, "another input" in done.stderr) == (1, True), done
    assert [job.state for job in hw.jobs()] == ["pending"]
    assert cli("session", "start", "--import", "jobs.py", "--follow").returncode == 0
    assert hw.result(1) == "a"


def test_a_start_has_the_options_of_submit(cli: Cli, hw: Headway) -> None:
    """What starts is given a name, ids and labels; a line with others does not go on with it."""
    line = ("session", "start", "--type", "quick", "--label", "site=a", "--external-id", "gui:17", "--context-id")
    assert cli(*line, "vm-1", "--one-per-context").returncode == 0
    job = hw.get("gui:17")
    assert (job.context_id, job.labels, hw.jobs(context_id="vm-1")[0].id) == ("vm-1", {"site": "a"}, job.id)
    assert "open job already" in cli("session", "start", "--context-id", "vm-1", "--one-per-context").stderr
    for words in (["--context-id", "vm-2"], ["--label", "site=b"], ["--external-id", "gui:18"], ["--name", "Other"]):
        other = cli("session", "start", *words, "--import", "jobs.py", "--follow")
        assert (other.returncode, "other ids" in other.stderr, hw.get(job).state) == (1, True, "pending"), other


def test_single_use_works_on_its_own_job_alone(cli: Cli, hw: Headway) -> None:
    """Jobs of others of the same types stay pending, for their worker."""
    other = hw.submit("quick")
    assert cli("session", "start", "--type", "quick", "--import", "jobs.py", "--follow").returncode == 0
    assert (hw.get(other).state, hw.get(2).state) == ("pending", "completed")


def test_a_refused_start_has_saved_nothing(cli: Cli, hw: Headway) -> None:
    """A session without a type keeps the configuration that it had."""
    (cli.home / "a.json").write_text(CONFIGS["a.json"])
    done = cli("session", "start", "--config", "a.json")
    assert (done.returncode, hw.session("default").config_version) == (2, 1), done


def test_a_span_of_nothing_is_no_rule(cli: Cli, hw: Headway) -> None:
    """--keep 0 and --idle 0 mean the same to create as to config: as types say, and never."""
    assert cli("session", "create", "acme", "--keep", "0", "--idle", "0").returncode == 0
    assert (hw.session("acme").keep_s, hw.session("acme").idle_s) == (None, None)


def _second(hw: Headway, starting: subprocess.Popen[bytes]) -> Job:
    """The second job, as soon as the process has begun it."""
    seen = 0
    while len(found := hw.jobs()) < 2:
        assert starting.poll() is None, "it has ended without a job"
        seen = hw.changed(seen, 5)
    return max(found, key=lambda job: job.number)


def _launched(hw: Headway) -> Job:
    """The job that a start in another process launches."""
    seen = 0
    while (job := hw.launched_job("default")) is None:
        seen = hw.changed(seen, 5)
    return job


def test_a_concurrency_of_nothing_is_refused(cli: Cli, hw: Headway) -> None:
    """S2.9: 0 is a number that was given."""
    hw.create_session("acme")
    done = cli("session", "config", "acme", "--concurrency", "0")
    assert (done.returncode, "1 or more" in done.stderr) == (2, True), done


@pytest.mark.parametrize("name", ["a.json", "a.toml", "a.yaml"])
def test_an_empty_file_replaces_nothing(cli: Cli, hw: Headway, name: str) -> None:
    """A slip does not cost a configuration; a file that says {} is taken at its word."""
    hw.save_session("default", READ)
    (cli.home / name).write_text("\n")
    done = cli("session", "start", "--config", name, "--type", "quick")
    assert (done.returncode, f"{name} is empty" in done.stderr) == (2, True), done
    assert hw.session("default").config == READ
    (cli.home / "none.json").write_text("{}")
    assert cli("session", "config", "--file", "none.json").returncode == 0
    assert hw.session("default").config == {}


def test_an_earlier_version_is_restored(cli: Cli, hw: Headway) -> None:
    """As the next version, with a note; a secret stays what it is."""
    hw.create_session("acme", {"n": 1, "password": "first"})
    hw.save_session("acme", {"n": 2, "password": "second"})
    assert cli("session", "config", "acme", "--restore", "1").returncode == 0
    assert [one.note for one in hw.session_versions("acme")] == ["version 1 again", None, None]
    with hw.tracked("reader", session="acme", show=False) as ctx:
        assert (ctx.config["n"], ctx.config["password"].reveal()) == (1, "second")


def test_what_was_given_at_creation_can_be_changed(cli: Cli, hw: Headway) -> None:
    """S2.13: owner, idle time and keeping time; 0 ends a time."""
    hw.create_session("acme", {"a": 1}, idle_s=60, keep_s=60)
    assert cli("session", "config", "acme", "--owner", "anna", "--idle", "0", "--keep", "2h").returncode == 0
    known = hw.session("acme")
    assert (known.owner, known.idle_s, known.keep_s, known.config) == ("anna", None, 7200.0, {"a": 1})


def test_the_default_session_says_what_it_is(cli: Cli) -> None:
    """S2.2: it stays open, which is a refusal, and its number is that of the threads in a job."""
    done = cli("session", "close", "default")
    assert (done.returncode, "stays open" in done.stderr) == (1, True)
    assert cli.json("session", "close", "default", code=1)["session"]["id"] == "default.yaml"
    assert "10 threads in each of its jobs" in cli("session", "show").stdout


def test_a_secret_set_in_clear_is_warned_of(cli: Cli, hw: Headway) -> None:
    """It is sealed, but was seen in the list of processes: --secret is named."""
    done = cli("session", "config", "--set", "db.password=canary", "--set", "db.host=a")
    assert (done.returncode, "--secret db.password" in done.stderr, "db.host" in done.stderr) == (0, True, False), done
    assert hw.session("default").config == {"db": {"password": {"$secret": "***"}, "host": "a"}}


def test_a_start_that_nobody_can_run_says_so(cli: Cli) -> None:
    """As submit does: for which type a worker is missing."""
    assert "waits for a worker that has 'gate'" in cli("session", "start", "--type", "gate").stderr


def test_create_takes_single_values(cli: Cli, hw: Headway) -> None:
    """--set adds to the file of a new session; a secret among them is stored sealed, and told of."""
    (cli.home / "a.json").write_text(CONFIGS["a.json"])
    done = cli("session", "create", "acme", "--config", "a.json", "--set", "left.port:=23", "--set", "password=s3cret")
    assert done.returncode == 0, done
    assert "password was seen by whoever lists processes" in done.stderr
    saved = hw.session("acme").config
    assert (saved["left"], "s3cret" in str(saved)) == ({"host": "h", "port": 23}, False)
