"""Real processes under the supervisor: small commands in place of the product's."""

from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Callable, Iterator, Optional

import pytest

from proactive_api.run import child as child_module
from proactive_api.run.child import Child, Spec, StartError
from proactive_api.run.console import Console
from proactive_api.run.group import Group
from proactive_api.run.logs import BURST, ChildLog
from proactive_api.run.plan import Port, PortTakenError, check_ports
from proactive_api.run.probes import http_ok, port_is_free, touched

ROOT = Path(__file__).resolve().parents[2]
FOREVER = "import time; time.sleep(600)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr("proactive_api.run.group.STAGE", 1.0)


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


async def soon(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        await asyncio.sleep(0.02)


def alive(pid: int) -> bool:
    try:
        # A zombie has ended; only its parent has not looked yet.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


class Scene:
    """Children in a folder of their own, and what the console said about them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = io.StringIO()
        self.console = Console(self.out)

    def child(self, name: str, code: str, ready: Optional[object] = None) -> Child:
        spec = Spec(name, [sys.executable, "-c", code], dict(os.environ), **({"ready": ready} if ready else {}))  # type: ignore[arg-type]
        return Child(spec, ChildLog(self.folder / f"{name}.log"), self.console)

    @property
    def said(self) -> str:
        return self.out.getvalue()


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path)


async def nothing() -> None:
    """No greeting."""


async def test_a_child_that_dies_is_started_again_and_said_so(scene: Scene) -> None:
    child = scene.child("worker", FOREVER)
    running = asyncio.ensure_future(child.keep_alive())
    await child.ready.wait()
    first = child.pid
    assert first
    os.kill(first, signal.SIGKILL)
    await soon(lambda: child.pid not in (None, first))
    assert "worker ended (by SIGKILL); starting it again in" in scene.said
    await child.stop(1.0)
    await running


async def test_a_child_that_is_ready_before_anybody_looks_is_ready(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    flag = scene.folder / "ready"
    child = scene.child("worker", f"open({str(flag)!r}, 'w'); {FOREVER}", touched(flag))
    start = child._start

    async def busy() -> object:
        process = await start()
        await soon(flag.exists)  # all that before the supervisor gets to go on
        return process

    monkeypatch.setattr(child, "_start", busy)
    running = asyncio.ensure_future(child.keep_alive())
    await asyncio.wait_for(child.ready.wait(), 20)
    await child.stop(1.0)
    await running


async def test_a_child_that_hangs_after_a_restart_is_started_once_more_and_tells_where_it_stood(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_module, "HANGS", 2.0)
    monkeypatch.setattr(child_module, "TIMES_AS_LONG", 0)
    monkeypatch.setenv("PYTHONFAULTHANDLER", "1")
    starts, flag = scene.folder / "starts", scene.folder / "up"
    # The second of its starts never gets ready.
    code = f"""
import pathlib, time
starts = pathlib.Path({str(starts)!r})
starts.write_text(starts.read_text() + "x" if starts.exists() else "x")
if len(starts.read_text()) != 2:
    open({str(flag)!r}, "w")
def stuck():
    time.sleep(600)
stuck()
"""
    child = scene.child("api", code, touched(flag))
    running = asyncio.ensure_future(child.keep_alive())
    await child.ready.wait()
    os.kill(child.pid or 0, signal.SIGKILL)
    await soon(lambda: scene.said.count("  api (") == 2)
    assert "api hangs while starting" in scene.said and "by SIGABRT" in scene.said
    assert "in stuck" in (scene.folder / "api.log").read_text()
    await child.stop(1.0)
    await running


async def test_pauses_grow_while_it_keeps_dying(scene: Scene) -> None:
    child = scene.child("worker", "raise SystemExit(3)", touched(scene.folder))
    child.ready.set()
    running = asyncio.ensure_future(child.keep_alive())
    await soon(lambda: scene.said.count("exit code 3") >= 4)
    pauses = [float(text) for text in re.findall(r"again in ([\d.]+) s", scene.said)]
    assert pauses[:4] == sorted(pauses[:4]) and pauses[3] >= 0.4
    await child.stop(1.0)
    running.cancel()


async def test_a_child_that_never_gets_ready_ends_the_run_with_its_last_words(scene: Scene) -> None:
    bad = scene.child("api", "raise SystemExit('no such table: chats')", http_ok(1, "/"))
    good = scene.child("worker", FOREVER)
    with pytest.raises(StartError, match="api does not start .*exit code 1(.|\n)*no such table: chats"):
        await Group([[bad], [good]], scene.console).run(nothing)
    assert good.pid is None


# A process of its own, because signals and their handlers belong to a whole process.
SUPERVISOR = """
import asyncio, os, sys
from pathlib import Path
from proactive_api.run.child import Spec
from proactive_api.run.console import Console
from proactive_api.run.probes import touched
from proactive_api.run.supervisor import supervise

folder = Path(sys.argv[1])
specs = [
    [Spec(name, [sys.executable, "-c", sys.argv[2], name], dict(os.environ), touched(folder / f"{name}.up"))]
    for name in sys.argv[3:]
]

async def ready():
    print("greeted", *sorted(path.name for path in folder.glob("*.up")), flush=True)

asyncio.run(supervise(specs, folder, Console(), ready))
"""

POLITE = """
import signal, sys, time
def end(*_):
    open({folder!r} + "/stopped", "a").write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
open({folder!r} + "/" + sys.argv[1] + ".up", "w")
time.sleep(600)
"""


def supervisor(folder: Path, code: str, *names: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SUPERVISOR, str(folder), code, *names]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_all_in_order_after_a_greeting(tmp_path: Path, number: signal.Signals) -> None:
    run = supervisor(tmp_path, POLITE.format(folder=str(tmp_path)), "api", "rasa", "sandbox")
    assert run.stdout
    said = [run.stdout.readline()]
    while "greeted" not in said[-1]:
        said.append(run.stdout.readline())
        assert said[-1], said
    assert said[-1].split() == ["greeted", "api.up", "rasa.up", "sandbox.up"]
    run.send_signal(number)
    rest, _ = run.communicate(timeout=20)
    assert run.returncode == 0
    assert (tmp_path / "stopped").read_text().split() == ["api", "rasa", "sandbox"]
    assert "ended" not in rest and rest.endswith("Stopped\n")


async def test_a_deaf_child_is_killed_in_time(scene: Scene) -> None:
    log = scene.folder / "deaf.log"
    child = scene.child("deaf", DEAF)
    running = asyncio.ensure_future(child.keep_alive())
    await soon(lambda: log.exists() and "deaf" in log.read_text())
    await asyncio.wait_for(child.stop(0.3), 60)  # by itself it would end in ten minutes
    await running
    assert child.pid is None


async def test_what_a_child_started_goes_with_it(scene: Scene) -> None:
    code = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {DEAF!r}])\n"
    code += "print(p.pid, flush=True); time.sleep(600)"
    child = scene.child("parent", code)
    running = asyncio.ensure_future(child.keep_alive())
    log = scene.folder / "parent.log"
    await soon(lambda: "deaf" in log.read_text() and re.search(r"^\d+$", log.read_text(), re.M))
    found = re.search(r"^\d+$", log.read_text(), re.M)
    assert found
    await child.stop(0.3)
    await running
    await soon(lambda: not alive(int(found.group())))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends children with their parent")
def test_no_child_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    deaf = f"open({str(tmp_path)!r} + '/' + __import__('sys').argv[1] + '.up', 'w'); {DEAF}"
    run = supervisor(tmp_path, deaf, "a", "b")
    try:
        until(lambda: all("deaf" in read(tmp_path / f"{name}.log") for name in "ab"))
        children = [int(pid) for pid in read(Path(f"/proc/{run.pid}/task/{run.pid}/children")).split()]
        assert len(children) == 2
    finally:
        run.kill()
        run.communicate()
    until(lambda: not any(alive(pid) for pid in children))


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_port_that_is_taken_is_named_with_its_variable(taken: int) -> None:
    assert not port_is_free(taken)
    with pytest.raises(PortTakenError, match=f"Port {taken} for the Rasa server is taken. Set RASA_PORT"):
        check_ports([Port(taken, "RASA_PORT", "Rasa server")])


def test_two_processes_cannot_have_one_port() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        free = server.getsockname()[1]
    with pytest.raises(PortTakenError, match="ACTIONS_PORT") as error:
        check_ports([Port(free, "RASA_PORT", "Rasa server"), Port(free, "ACTIONS_PORT", "action server")])
    assert "RASA_PORT" not in str(error.value)


def test_make_run_with_a_port_taken_starts_nothing(taken: int, tmp_path: Path) -> None:
    environment = {**os.environ, "PROACTIVE_DATA_DIR": str(tmp_path), "PROACTIVE_PORT": str(taken)}
    command = [sys.executable, "-m", "proactive_api.run"]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert f"Port {taken}" in run.stdout and "PROACTIVE_PORT" in run.stdout
    assert not (tmp_path / "logs").exists() and not (tmp_path / "proactive.db").exists()


def test_warnings_and_errors_are_shown_with_what_belongs_to_them(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_text("ERROR of an earlier run\n")
    log = ChildLog(path)
    with log.open() as file:
        file.write(b"2026-01-01 INFO fine\n\x1b[31mERROR\x1b[0m boom\n")
        file.write(b"Traceback (most recent call last):\n  File x\nKeyError: 1\n")
        file.write(b"2026-01-01 INFO fine again\n2026-01-01 WARNING half a li")
    assert log.news() == ["ERROR boom", "Traceback (most recent call last):", "  File x", "KeyError: 1"]
    with log.open() as file:
        file.write(b"ne\n")
    assert log.news() == ["2026-01-01 WARNING half a line"]
    assert log.news() == []


def test_a_flood_is_cut_with_a_word_about_the_rest(tmp_path: Path) -> None:
    log = ChildLog(tmp_path / "x.log")
    with log.open() as file:
        file.write(b"ERROR again\n" * 100)
    shown = log.news()
    assert len(shown) == BURST + 1
    assert "70 lines more" in shown[-1]


def test_a_long_log_is_rotated_and_read_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("proactive_api.run.logs.LIMIT", 1000)
    log = ChildLog(tmp_path / "x.log")
    with log.open() as file:
        file.write(b"INFO fine\n" * 200)
        file.flush()
        log.news()
        file.write(b"ERROR late\n")
        file.flush()
    assert log.path.stat().st_size < 1000
    assert log.news() == ["ERROR late"]


def test_a_vanished_terminal_stops_nothing() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    Console(Gone()).say("hello")


async def test_a_child_that_takes_long_is_mentioned_with_its_log(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child_module, "PATIENCE", 0.1)
    child = scene.child("rasa", FOREVER, touched(scene.folder / "never"))
    running = asyncio.ensure_future(child.keep_alive())
    await soon(lambda: re.search(r"rasa is not ready after \d+ s; its log: .*rasa\.log", scene.said))
    await child.stop(1.0)
    await running
