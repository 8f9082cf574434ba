"""PostgreSQL for tests: a server that was given, or one of our own that can be killed and started again."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit
from uuid import uuid4

import psutil
import psycopg

from tests.support.ports import free_port
from tests.support.postgres_programs import GIVEN_URL, NoPostgres, as_server_user, programs_for

_READY = "ready to accept"
_PATIENCE_S = 60.0


class Databases:
    """A running server in which a test makes databases of its own."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def url(self, database: str = "postgres") -> str:
        """The address of one database of this server."""
        return urlsplit(self.base_url)._replace(path=f"/{database}").geturl()

    def create_database(self) -> str:
        """Makes an empty database and returns its address."""
        name = f"headway_{uuid4().hex[:12]}"
        self._administer(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def copy_database(self, url: str, to: str) -> None:
        """Makes a database that is what another one is, to which nobody may be connected."""
        self._administer(f'CREATE DATABASE "{urlsplit(to).path[1:]}" TEMPLATE "{urlsplit(url).path[1:]}"')

    def drop_database(self, url: str) -> None:
        """Removes a database that `create_database` made, and cuts whoever is still connected to it."""
        self._administer(f'DROP DATABASE IF EXISTS "{urlsplit(url).path[1:]}" WITH (FORCE)')

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database that is gone afterwards."""
        url = self.create_database()
        try:
            yield url
        finally:
            self.drop_database(url)

    def _administer(self, statement: str) -> None:
        with psycopg.connect(self.base_url, autocommit=True) as connection:
            connection.execute(statement.encode())


class Server(Databases):
    """A server of our own on a free port of 127.0.0.1. It keeps port and data from one start to the next.

    `fsync=False` is for tests in which no promise about a lost machine is at stake: it only saves time.
    """

    def __init__(self, *, fsync: bool = True) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="headway-pg-"))
        self._data = self._home / "data"
        self._fsync = fsync
        self._port = free_port()
        self._process: subprocess.Popen[str] | None = None
        self._log: deque[str] = deque(maxlen=40)
        self._ready = False
        super().__init__(f"postgresql://headway@127.0.0.1:{self._port}/postgres")
        self._programs = programs_for(self._home)
        self._initialise()

    @property
    def pid(self) -> int:
        """The process id of the postmaster."""
        assert self._process is not None, "the server is not running"
        return self._process.pid

    def start(self) -> None:
        """Starts the server and returns when it takes connections; after a kill, when it has recovered."""
        self._log.clear()
        self._ready = False
        answered = threading.Event()
        # A test process that is killed takes its server along, which shuts down fast.
        command = [*as_server_user("--pdeathsig", "INT"), str(self._programs / "postgres")]
        options = {
            "port": self._port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self._data,
            "max_connections": 200,
            "fsync": "on" if self._fsync else "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [*command, "-D", str(self._data), *settings], stderr=subprocess.PIPE, cwd=self._home, text=True
        )
        assert self._process.stderr is not None
        threading.Thread(target=self._follow, args=(self._process.stderr, answered), daemon=True).start()
        answered.wait(_PATIENCE_S)
        if not self._ready:  # not looked for in the log, of which little is kept
            self.kill()
            raise NoPostgres(f"PostgreSQL did not start; its last words:\n{''.join(self._log)}")

    def stop(self) -> None:
        """Ends the server in good order: connections are cut, everything is written."""
        self._end(signal.SIGINT)

    def crash(self) -> None:
        """Ends every process of the server at once; the next start recovers from the log."""
        self._end(signal.SIGQUIT)

    def kill(self) -> None:
        """Kills the postmaster with SIGKILL, then what it left behind."""
        self._end(signal.SIGKILL)

    def restart(self, *, immediate: bool = True) -> None:
        """Ends the server, as `crash` does or in good order, and starts it again on the same port."""
        self.crash() if immediate else self.stop()
        self.start()

    def close(self) -> None:
        """Stops the server and removes its files."""
        self.stop()
        shutil.rmtree(self._home)

    def _initialise(self) -> None:
        command = [*as_server_user(), str(self._programs / "initdb"), "--no-sync", "--no-locale"]
        options = ["--encoding=UTF8", "--auth=trust", "--username=headway", "-D", str(self._data)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, cwd=self._home, check=False)
        if done.returncode != 0:
            raise NoPostgres(f"initdb failed: {done.stderr}")

    def _follow(self, log: IO[str], answered: threading.Event) -> None:
        with log:
            for line in log:
                self._log.append(line)
                if _READY in line:
                    self._ready = True
                    answered.set()
        answered.set()  # it ended: nobody waits longer for it

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # A backend that outlives its postmaster holds the shared memory, and the next start would be refused.
        backends = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
        process.send_signal(how)
        process.wait(_PATIENCE_S)
        _, alive = psutil.wait_procs(backends, timeout=5)
        for backend in alive:
            backend.kill()
        psutil.wait_procs(alive, timeout=5)


def find() -> Databases:
    """The server of $HEADWAY_TEST_POSTGRES, else one of our own, started.

    Raises:
        NoPostgres: there is none to be had.
    """
    given = os.environ.get(GIVEN_URL)
    if given:
        return Databases(given)
    server = Server(fsync=False)
    server.start()
    return server
