"""Which way imports may run: what the table of rooms in docs/architecture.md says, held against the code."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Dict, FrozenSet, Iterator, List, NamedTuple, Set, Tuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
PACKAGES = ("proactive_api", "channels", "actions")


class Room(NamedTuple):
    place: str
    may_import: FrozenSet[str]
    never: FrozenSet[str]


def rooms() -> List[Room]:
    table = PAGE.read_text(encoding="utf-8").partition("## Rooms")[2].partition("\n## ")[0]
    found: List[Room] = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| `"):
            continue
        places, _, allowed, never = cells
        for place in re.findall("`([^`]+)`", places):
            names = frozenset(full_name(one) for one in re.findall("`([^`]+)`", allowed))
            found.append(Room(place, names, frozenset(never.split(", ")) - {""}))
    return found


def full_name(name: str) -> str:
    """``storage/sql`` is ``proactive_api/storage/sql/``; names of files stay files."""
    whole = name if name.startswith(PACKAGES) else f"proactive_api/{name}"
    return whole if whole.endswith(".py") else f"{whole}/"


ROOMS = rooms()


@cache
def modules() -> Dict[str, Path]:
    """Every module by its dotted name, as its path from the root."""
    found: Dict[str, Path] = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.relative_to(ROOT)
    return found


@cache
def imported(path: Path) -> FrozenSet[str]:
    """Names that a file imports; for ``from x import y`` the module ``x.y`` if it is one, else ``x``."""
    known, found = modules(), set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module and not node.level, f"{path}: relative imports hide where they lead"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {one if one in known else node.module for one in whole}
    return frozenset(found)


def room_of(path: Path) -> Room:
    """The room with the longest name that the file is in."""
    name = str(path)
    mine = [room for room in ROOMS if name == room.place or (room.place.endswith("/") and name.startswith(room.place))]
    assert mine, f"{name} is in no room of docs/architecture.md"
    return max(mine, key=lambda room: len(room.place))


def bare(path: Path) -> bool:
    """A package's own ``__init__`` at the top says nothing but what the package is."""
    return str(path) in ("proactive_api/__init__.py", "channels/__init__.py")


FILES = [path for path in modules().values() if not bare(path)]


def test_every_room_of_the_table_is_there() -> None:
    assert len(ROOMS) > 20
    assert [room.place for room in ROOMS if not (ROOT / room.place).exists()] == []
    assert {room_of(path).place for path in FILES} == {room.place for room in ROOMS}, "a room holds nothing"


def wrong_arrows() -> Iterator[Tuple[str, str]]:
    for path in FILES:
        room = room_of(path)
        for name in imported(path):
            target = modules().get(name)
            if target is None or bare(target):
                continue
            place = room_of(target).place
            if place != room.place and not any(place.startswith(one) for one in room.may_import):
                yield str(path), name


def test_imports_run_as_the_table_says() -> None:
    assert sorted(wrong_arrows()) == []


@pytest.mark.parametrize("room", ROOMS, ids=[room.place for room in ROOMS])
def test_a_room_stays_away_from_what_it_must_never_know(room: Room) -> None:
    wrong = [
        (str(path), name)
        for path in FILES
        if room_of(path) == room
        for name in imported(path)
        if name.split(".")[0] in room.never
    ]
    assert wrong == []


def test_the_table_names_no_arrow_that_is_not_used() -> None:
    """A drawing of more arrows than there are is a drawing of another house."""
    used: Set[Tuple[str, str]] = set()
    for path in FILES:
        targets = [modules()[name] for name in imported(path) if name in modules()]
        used |= {(room_of(path).place, room_of(target).place) for target in targets if not bare(target)}
    idle = [
        (room.place, one)
        for room in ROOMS
        for one in room.may_import
        if not any(place == room.place and target.startswith(one) for place, target in used)
        and room_of(Path(room.place)).place == room.place
    ]
    assert [pair for pair in idle if not is_entry_point(pair[0])] == []


def is_entry_point(place: str) -> bool:
    """Entry points share a row, and each needs only some of it."""
    return place.endswith(("__main__.py", "worker.py", "cli.py"))


def test_no_module_is_in_a_circle() -> None:
    graph = {name: {one for one in imported(path) if one in modules()} - {name} for name, path in modules().items()}
    assert circles(graph) == []


def test_no_room_is_in_a_circle() -> None:
    graph: Dict[str, Set[str]] = {room.place: set() for room in ROOMS}
    for path in FILES:
        place = room_of(path).place
        targets = [modules()[name] for name in imported(path) if name in modules()]
        graph[place] |= {room_of(target).place for target in targets if not bare(target)} - {place}
    assert circles(graph) == []


def circles(graph: Dict[str, Set[str]]) -> List[str]:
    """What is left once everything that leads nowhere, again and again, is taken away."""
    left = {name: set(targets) for name, targets in graph.items()}
    while True:
        ends = {name for name, targets in left.items() if not targets & set(left)}
        if not ends:
            return sorted(left)
        for name in ends:
            del left[name]


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["a", "b", "c"]
    assert circles({"a": {"b"}, "b": set()}) == []


def test_rasa_is_imported_in_few_places_only() -> None:
    """Rasa's next major moves modules: four places to touch, and the one that trains."""
    allowed = ("channels/", "actions/", "proactive_api/tracker_store.py", "proactive_api/nlu/", "proactive_api/run/")
    for path in FILES:
        if not str(path).startswith(allowed):
            assert not any(one.split(".")[0] in ("rasa", "rasa_sdk") for one in imported(path)), path
