from __future__ import annotations

from typing import Any, Dict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_api.lifecycle import messenger as view
from proactive_api.lifecycle.facts import METADATA_KEY
from proactive_api.lifecycle.figures import State
from proactive_api.lifecycle.survey import answers_survey

AT = 1_700_000_000.25


def link_for(chat_id: str, index: int) -> str:
    return f"https://t.example/{chat_id}/{index}"


def bot(text: str = "Hi", data: Any = None, ours: Any = None, **metadata: Any) -> Dict[str, Any]:
    about = {**({METADATA_KEY: ours} if ours else {}), **metadata}
    return {"event": "bot", "text": text, "data": data or {}, "metadata": about, "timestamp": AT}


def rich(event: Dict[str, Any]) -> Dict[str, Any]:
    said = view.message(7, event, "c", link_for)
    assert said is not None
    return said


def test_a_message_of_the_ai_agent_in_full() -> None:
    assert rich(bot("Hi **you**", {"buttons": [{"title": "Yes", "payload": "/affirm"}]})) == {
        "id": "7",
        "sender": "ai_agent",
        "name": None,
        "text": "Hi **you**",
        "format": "markdown",
        "literal": [],
        "at": "2023-11-14T22:13:20.250Z",
        "conversation_id": "c",
        "suggested_replies": [{"title": "Yes", "url": None, "payload": "/affirm"}],
        "attachments": [],
        "elements": [],
        "custom": None,
        "survey": None,
        "closing": False,
        "reaction": None,
        "client_id": None,
    }


def test_the_words_that_close_are_marked() -> None:
    assert rich(bot("Bye for now", utter_action="utter_closing"))["closing"] is True
    assert rich(bot("Bye for now", utter_action="utter_goodbye"))["closing"] is False


def test_a_human_is_named_and_the_survey_says_what_it_asks() -> None:
    said = rich(bot("Hi", ours={"human_agent": "Ada"}))
    assert (said["sender"], said["name"]) == ("human_agent", "Ada")
    assert rich(bot("1 to 5?", utter_action="utter_ask_csat_form_csat_score"))["survey"] == "csat_score"
    assert rich(bot("Hi", utter_action="utter_ask_csat_form_else"))["survey"] is None


def test_what_is_no_markdown_is_told() -> None:
    typed = rich(bot("*Hi*", ours={"human_agent": "Ada"}))
    assert (typed["text"], typed["format"], typed["literal"]) == ("*Hi*", "plain", [])
    filled = rich(bot("\U0001f600 *Ada*, **hi**", ours={"literal": [[2, 7]]}))
    assert (filled["format"], filled["literal"]) == ("markdown", [[3, 8]])
    assert rich(bot("*Ada*", ours={"literal": [[0, 5]]}))["format"] == "plain"
    assert rich({"event": "user", "text": "*me*", "metadata": {}, "timestamp": AT})["format"] == "plain"


def test_links_of_a_chat_are_tracked_and_others_are_as_they_are() -> None:
    replies = [{"title": "Yes"}, {"title": "See", "url": "https://shop.example/"}]
    said = rich(bot("Sale", ours={"chat_id": "c1", "suggested_replies": replies}))
    assert said["suggested_replies"][1]["url"] == "https://t.example/c1/1"
    button = {"title": "See", "url": "https://shop.example/", "type": "web_url"}
    assert rich(bot("Sale", {"buttons": [button]}))["suggested_replies"][0]["url"] == "https://shop.example/"


def test_people_read_what_they_tapped_not_its_payload() -> None:
    ours = {"text": "Yearly", "title": "Yearly", "client_id": "x"}
    event = {"event": "user", "text": "/choose_plan", "metadata": {METADATA_KEY: ours}, "timestamp": AT}
    said = rich(event)
    assert (said["text"], said["sender"], said["client_id"]) == ("Yearly", "recipient", "x")
    external = {"event": "user", "text": "EXTERNAL: x", "metadata": {"is_external": True}, "timestamp": AT}
    assert view.message(1, external, None, link_for) is None


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"image": "https://i.example/a.png", "attachment": "https://i.example/a.png"}, [("image", "a.png")]),
        ({"attachment": {"type": "video", "payload": {"src": "https://i.example/v.mp4"}}}, [("video", "v.mp4")]),
        ({"attachment": {"type": "template", "payload": {"url": "https://i.example/f"}}}, [("file", "f")]),
        ({"attachment": {"type": "image", "payload": {}}}, []),
        ({"attachment": 5, "image": 6}, []),
    ],
)
def test_attachments(data: Any, shown: Any) -> None:
    found = view.attachments(bot("", data))
    assert [(one["type"], str(one["url"]).rsplit("/", 1)[1]) for one in found] == shown


def test_shapes_for_widgets_made_for_rasa() -> None:
    buttons = [{"title": "Yes", "payload": "/affirm"}, {"title": "No"}]
    assert view.plain(bot("Sure?", {"buttons": buttons}), link_for) == [
        {
            "text": "Sure?",
            "quick_replies": [
                {"content_type": "text", "title": "Yes", "payload": "/affirm"},
                {"content_type": "text", "title": "No", "payload": "No"},
            ],
        }
    ]
    assert view.plain(bot("One\n\ntwo"), link_for) == [{"text": "One\n\ntwo"}]
    assert view.plain(bot("", {"image": "https://i.example/a.png"}), link_for) == [
        {"attachment": {"type": "image", "payload": {"src": "https://i.example/a.png"}}}
    ]
    assert view.plain(bot("", {"custom": {"data": {"any": 1}}}), link_for) == [{"any": 1}]
    assert view.plain(bot("", {"elements": [{"title": "e"}]}), link_for) == [
        {"attachment": {"type": "template", "payload": {"template_type": "generic", "elements": {"title": "e"}}}}
    ]
    assert view.plain(bot("", {"elements": 1.5}), link_for) == []
    assert view.plain({"event": "user", "text": "hi"}, link_for) == []


@pytest.mark.parametrize(
    ("question", "answers"),
    [("csat_score", ["1", "2", "3", "4", "5"]), ("resolution", ["Yes", "No"]), ("csat_comment", []), ("else", [])],
)
def test_widgets_made_for_rasa_get_the_surveys_answers_as_quick_replies(question: str, answers: Any) -> None:
    asked = bot("How was it?", utter_action=f"utter_ask_csat_form_{question}")
    (shape,) = view.plain(asked, link_for)
    offered = [{"content_type": "text", "title": answer, "payload": answer} for answer in answers]
    assert shape.get("quick_replies", []) == offered and shape["text"] == "How was it?"
    assert rich(asked)["suggested_replies"] == [], "the widget of our own draws faces"


@pytest.mark.parametrize(("answer", "slot"), [("1", "csat_score"), ("5", "csat_score"), ("Yes", "resolution")])
def test_what_they_send_back_is_an_answer(answer: str, slot: str) -> None:
    assert answers_survey(answer, slot)


def test_answers_that_the_assistant_brings_itself_stand() -> None:
    own = bot(
        "Wie war es?", {"buttons": [{"title": "Gut", "payload": "5"}]}, utter_action="utter_ask_csat_form_csat_score"
    )
    assert [one["title"] for one in view.plain(own, link_for)[0]["quick_replies"]] == ["Gut"]


def test_the_last_reaction_counts_and_can_be_taken_back() -> None:
    def given_to(message_id: str, emoji: Any) -> Dict[str, Any]:
        return {"event": "slot", "name": "reaction", "value": {"message_id": message_id, "emoji": emoji}}

    events = [given_to("7", "👍"), given_to("8", "👍"), given_to("8", None), given_to("7", "❤️")]
    shown = view.with_reactions([{"id": "7"}, {"id": "8"}, {"id": "9"}], events)
    assert [one["reaction"] for one in shown] == ["❤️", None, None]
    link = {"event": "slot", "name": "reaction", "value": {"kind": "link", "url": "x"}}
    assert view.reaction(link) is None


def test_nobody_spoke_yet() -> None:
    assert view.conversation(State(), "csat_score", "Ada") == {
        "id": None,
        "status": None,
        "handed_over": False,
        "human_name": None,
        "survey": None,
    }


def test_something_belongs_to_the_conversation_that_had_begun() -> None:
    starts = [(10.0, "a"), (20.0, "b")]
    assert [view.conversation_at(starts, at) for at in (5.0, 10.0, 19.9, 20.0, None)] == [None, "a", "a", "b", None]


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False, width=32) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
PARTS = st.sampled_from(["buttons", "quick_replies", "elements", "attachment", "image", "custom"])


@given(st.dictionaries(PARTS, JSON, max_size=4), JSON, st.sampled_from(["bot", "user", "slot"]))
def test_no_event_is_too_odd_to_be_shown_or_left_out(data: Any, metadata: Any, kind: str) -> None:
    event = {"event": kind, "text": "x", "data": data, "metadata": metadata, "timestamp": AT, "name": "reaction"}
    view.message(1, event, None, link_for)
    view.plain(event, link_for)
    view.with_reactions([{"id": "1"}], [event])
    view.turns_the_conversation([event], State())
