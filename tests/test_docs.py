"""What the pages say, held to the code: names, values, commands and links."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple, get_args

import pytest

from proactive_api.http.resources.shapes import HandoffStatusName
from proactive_api.lifecycle.keywords import HELP_WORDS, START_WORDS, STOP_WORDS
from proactive_api.lifecycle.sending import SkipReason, WaitReason
from proactive_api.lifecycle.settings import to_dict
from proactive_api.lifecycle.values import ClosedReason, DeliveryStatus, IfActive, Settings

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"])
#: Lines of a page that people read from start to end; the API's reference has a line for each address.
LONGEST_PAGE = 150
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> Set[str]:
    """What stands in backquotes in the first column of the tables."""
    rows = re.findall(r"^\|((?:[^|\\]|\\.)*)\|", text, re.MULTILINE)
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def tree(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def variables_read_by_config() -> Set[str]:
    """Names in calls such as ``env.text("NAME")``, whatever the method."""
    calls = [node for node in ast.walk(tree("proactive_api/config/config.py")) if isinstance(node, ast.Call)]
    arguments = [arg for call in calls if ast.unparse(call.func).startswith("env.") for arg in call.args]
    return {arg.value for arg in arguments if isinstance(arg, ast.Constant) and _is_name(arg.value)}


def _is_name(value: object) -> bool:
    return isinstance(value, str) and VARIABLE.fullmatch(value) is not None


def constants(path: str) -> Dict[str, str]:
    """The texts that a module gives a name to, read without importing it: Rasa takes long to load."""
    assigned = (node for node in tree(path).body if isinstance(node, ast.Assign) and len(node.targets) == 1)
    plain = (node for node in assigned if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str))
    return {ast.unparse(node.targets[0]): node.value.value for node in plain}  # type: ignore[attr-defined]


def python_files() -> Iterator[Path]:
    for folder in ("proactive_api", "channels", "actions"):
        yield from (ROOT / folder).rglob("*.py")


def values_of(keyword: str) -> Set[str]:
    """Every string that the code passes as this keyword, such as ``wait_reason="carrier_unavailable"``."""
    found: Set[str] = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == keyword and isinstance(node.value, ast.Constant):
                found |= {node.value.value} if isinstance(node.value.value, str) else set()
    return found


def skipped_by_hand() -> Set[str]:
    """What ``outcomes.mark_skipped`` is given as a plain string, called or handed on to be called."""
    found: Set[str] = set()
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and "mark_skipped" in ast.unparse(node):
                last = node.args[-1] if node.args else None
                found |= {last.value} if isinstance(last, ast.Constant) and isinstance(last.value, str) else set()
    return found


# -- variables and settings -----------------------------------------------------------------------


def test_the_reader_of_variables_finds_them() -> None:
    assert {"PROACTIVE_DATA_DIR", "RASA_PORT", "DATABASE_URL", "TWILIO_FROM_NUMBER"} <= variables_read_by_config()


def test_operators_know_every_variable_and_no_other() -> None:
    environment = section(page("operators"), "Environment")
    ours, others = environment.split("\n| read by |")
    assert {name for name in first_cells(ours) if _is_name(name)} == variables_read_by_config()
    elsewhere = "\n".join(path.read_text(encoding="utf-8") for path in python_files())
    elsewhere += (ROOT / "scripts" / "bootstrap.py").read_text(encoding="utf-8")
    rasa = importlib.util.find_spec("rasa")
    assert rasa is not None and rasa.origin is not None
    elsewhere += (Path(rasa.origin).parent / "core" / "lock_store.py").read_text(encoding="utf-8")
    told = {name for name in re.findall(r"`([A-Z_]+)`", others) if _is_name(name)}
    assert told
    assert {name for name in told if f'"{name}"' not in elsewhere} == set()


def test_pages_name_no_variable_that_nobody_reads() -> None:
    known = variables_read_by_config() | {
        name for name in re.findall(r"`([A-Z_]+)`", section(page("operators"), "Environment")) if _is_name(name)
    }
    known |= {"SANDBOX_WEBHOOK_URL", "SANDBOX_DB"}  # the sandbox carrier's own: docs/sandbox.md
    known |= {"SANIC_PROXIES_COUNT"}  # Sanic's own
    for name in ("marketers", "human-agents", "adoption", "http-api", "sandbox", "messenger", "operators"):
        exported = re.findall(r"^export ([A-Z]+(?:_[A-Z]+)+)=", page(name), re.MULTILINE)
        told = {*exported, *re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", page(name))}
        assert told - known == set(), name


def test_every_setting_is_told() -> None:
    """Settings of the messenger that SMS has too are told once, as those of SMS."""
    told, settings = first_cells(section(page("marketers"), "Settings")), to_dict(Settings())
    overall = {name for name, value in settings.items() if name not in ("sms", "messenger")}
    own = set(settings["messenger"]) - set(settings["sms"])
    assert told == overall | {f"sms.{name}" for name in settings["sms"]} | {f"messenger.{name}" for name in own}


def test_defaults_of_settings_are_those_of_the_code() -> None:
    settings = to_dict(Settings())
    table = section(page("marketers"), "Settings")
    told = dict(re.findall(r"^\| `(?:sms\.)?(\w+)` \| `?([^|`]*?)`? \|", table, re.MULTILINE))
    for name, value in {**settings["sms"], **{k: v for k, v in settings.items() if not isinstance(v, dict)}}.items():
        shown = "null" if value is None else str(value).lower() if isinstance(value, bool) else value
        assert told[name] == (f"{shown:.0f}" if isinstance(shown, float) else shown), name


# -- values that people read ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "head"),
    [
        ([one.value for one in ClosedReason], "closed reason"),
        ([one.value for one in DeliveryStatus], "status"),
        ([*get_args(SkipReason)], "skip reason"),
        ([*get_args(WaitReason), *values_of("wait_reason")], "wait reason"),
    ],
    ids=["closed_reason", "delivery_status", "skip_reason", "wait_reason"],
)
def test_marketers_are_told_each_value_and_no_other(values: List[str], head: str) -> None:
    table = page("marketers").split(f"\n| {head} |")[1].split("\n\n")[0]
    assert first_cells(table.split("\n", 2)[2]) == set(values)


def test_nobody_but_the_sending_rules_skips() -> None:
    assert skipped_by_hand() == set()


def test_the_values_that_connectors_write_are_found() -> None:
    assert {"carrier_unavailable", "assistant_unavailable"} <= values_of("wait_reason")


def test_if_active_is_explained() -> None:
    assert all(f"`{one.value}`" in page("marketers") for one in IfActive)


def test_human_agents_are_told_reasons_and_statuses() -> None:
    told = page("human-agents")
    turns = constants("channels/conversation/turns.py")
    reasons = {*constants("actions/handoff.py").values(), turns["ASSISTANT_FAILED"], turns["LOOKS_AUTOMATIC"]}
    assert first_cells(section(told, "When a ticket opens")) == reasons
    assert all(f"`{status}`" in told for status in get_args(HandoffStatusName))


def test_end_users_are_told_every_keyword() -> None:
    told = set(re.findall(r"\b[A-Z]{3,}\b", section(page("end-users"), "Words that always work")))
    assert told == {word.upper() for word in STOP_WORDS | START_WORDS | HELP_WORDS} | {"YES"}


def test_readiness_names_its_parts() -> None:
    body = ast.unparse(tree("proactive_api/http/core/health.py"))
    parts = {*re.findall(r"'(\w+)': self\._(?:in_thread|get|actions)", body), *re.findall(r"asked\['(\w+)'\]", body)}
    table = section(page("operators"), "Watching").split("| part |")[1].split("\n\n")[0]
    assert len(parts) >= 5 and first_cells(table) == parts


# -- links, commands, length ----------------------------------------------------------------------


def links(path: Path) -> List[Tuple[str, str]]:
    prose = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"\[([^\]]+)\]\(([^)#]*)#?[^)]*\)", prose)


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_links_lead_somewhere(path: Path) -> None:
    relative = [target for _, target in links(path) if target and "://" not in target]
    assert [target for target in relative if not (path.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_readme_and_the_index() -> None:
    for start in (ROOT / "README.md", ROOT / "docs" / "index.md"):
        seen, todo = set(), [start]
        while todo:
            here = todo.pop()
            if here in seen or here.suffix != ".md":
                continue
            seen.add(here)
            todo += [(here.parent / target).resolve() for _, target in links(here) if target and "://" not in target]
        assert set((ROOT / "docs").glob("*.md")) - seen == set(), start


@pytest.mark.parametrize("path", PAGES, ids=[path.stem for path in PAGES])
def test_make_targets_and_commands_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    told = re.findall(r"(?:`|^)(?:[A-Z_]+=\S+ )*make ([a-z-]+)", text, re.MULTILINE)
    assert set(told) - targets == set()
    commands = {
        node.name.replace("_", "-")
        for node in tree("proactive_api/cli.py").body
        if isinstance(node, ast.FunctionDef) and any("app.command" in ast.unparse(d) for d in node.decorator_list)
    } | {"keys"}
    used = re.findall(r"(?:`|^|bin/)proactive ([a-z]+)\b", text, re.MULTILINE)
    assert set(used) - commands == set()


def test_modules_that_pages_start_exist() -> None:
    for path in PAGES:
        for module in re.findall(r"python -m ((?:proactive_api|benchmarks)[\w.]*)", path.read_text(encoding="utf-8")):
            name = module.replace(".", "/")
            assert (ROOT / f"{name}.py").exists() or (ROOT / name / "__main__.py").exists(), (path.name, module)


def test_files_that_pages_name_exist() -> None:
    for name in ("architecture", "performance", "assistant"):
        for file in re.findall(r"`((?:[\w-]+/)*[\w-]+\.(?:py|yml))`", page(name)):
            homes = (ROOT, ROOT / "proactive_api")
            assert any((home / file).exists() for home in homes), (name, file)


def test_places_that_the_architecture_names_exist() -> None:
    for cell in first_cells(section(page("architecture"), "Rooms")):
        assert any((home / cell).exists() for home in (ROOT, ROOT / "proactive_api")), cell


@pytest.mark.parametrize("path", [path for path in PAGES if path.stem != "http-api"], ids=lambda path: path.stem)
def test_pages_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_PAGE
