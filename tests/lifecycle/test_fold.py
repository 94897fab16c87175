"""The fold: what events say about a conversation, and that nothing can make the figures contradict each other."""

from __future__ import annotations

from typing import Any, Dict, List

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proactive_api.lifecycle.figures import Conversation, State
from proactive_api.lifecycle.fold import Folded, fold
from proactive_api.lifecycle.values import ClosedReason, ConversationStatus, ConversationType, ResponseStatus

SENDER = "sms.r1"
POLICY = {"auto_close_timeout": 600.0, "handoff_timeout": 3600.0, "csat_expiry": 1000.0}


def opened(at: float, chat: str = "c1", **policy: Any) -> Dict[str, Any]:
    about = {"chat_id": chat, "campaign": "sale", "policy": {**POLICY, **policy}}
    return {"event": "session_started", "timestamp": at, "metadata": {"proactive": about}}


def said(at: float, text: str = "hi", message_id: str = "", **ours: Any) -> Dict[str, Any]:
    metadata = {"proactive": {"policy": POLICY, **ours}}
    return {"event": "user", "timestamp": at, "text": text, "message_id": message_id or f"m{at}", "metadata": metadata}


def bot(at: float, text: str = "hello", **ours: Any) -> Dict[str, Any]:
    return {"event": "bot", "timestamp": at, "text": text, "data": {}, "metadata": {"proactive": ours}}


def slot(at: float, name: str, value: Any) -> Dict[str, Any]:
    return {"event": "slot", "timestamp": at, "name": name, "value": value}


def event(at: float, kind: str, name: Any = None) -> Dict[str, Any]:
    return {"event": kind, "timestamp": at, "name": name}


def listen(at: float) -> Dict[str, Any]:
    return event(at, "action", "action_listen")


def external(at: float) -> Dict[str, Any]:
    return {"event": "user", "timestamp": at, "text": "EXTERNAL: EXTERNAL_close", "metadata": {"is_external": True}}


def folded(*events: Dict[str, Any]) -> Folded:
    return fold(SENDER, State(), events)


def only(result: Folded) -> Conversation:
    (conversation,) = result.conversations.values()
    return conversation


OPENING = (opened(100.0), bot(100.0), listen(100.0))
CLOSING = (
    slot(900.0, "closed_reason", "auto"),
    external(900.0),
    bot(900.0),
    event(900.0, "active_loop", "csat_form"),
    listen(900.0),
)


def test_a_sent_chat_waits_for_its_first_response() -> None:
    chat = only(folded(*OPENING))
    assert (chat.id, chat.status, chat.campaign) == ("c1", ConversationStatus.OPEN, "sale")
    assert chat.conversation_type is ConversationType.PROACTIVE
    assert chat.response_status is ResponseStatus.NOT_RESPONDED
    assert (chat.started_at, chat.auto_close_at) == (100.0, 700.0)


def test_the_first_reply_makes_it_a_general_conversation_and_moves_the_deadline() -> None:
    chat = only(folded(*OPENING, said(160.0), bot(161.0), listen(161.0), said(200.0)))
    assert chat.response_status is ResponseStatus.RESPONDED
    assert chat.conversation_type is ConversationType.GENERAL
    assert (chat.responded_at, chat.last_activity_at, chat.auto_close_at) == (160.0, 200.0, 800.0)
    assert (chat.user_message_count, chat.agent_message_count) == (2, 2)


def test_a_reaction_is_a_response_but_no_message() -> None:
    chat = only(folded(*OPENING, slot(150.0, "reaction", {"kind": "liked"})))
    assert (chat.responded_at, chat.user_message_count) == (150.0, 0)


def test_an_external_intent_is_no_response() -> None:
    assert only(folded(*OPENING, external(150.0))).response_status is ResponseStatus.NOT_RESPONDED


def test_stop_closes_without_counting_as_a_response() -> None:
    stop = said(150.0, "STOP", keyword="stop")
    chat = only(folded(*OPENING, stop, slot(150.0, "closed_reason", "opted_out")))
    assert (chat.closed_reason, chat.responded_at, chat.resolution_time) == (ClosedReason.OPTED_OUT, None, None)


def test_resolution_time_runs_from_the_first_response_to_closing() -> None:
    chat = only(folded(*OPENING, said(160.0), *CLOSING))
    assert (chat.closed_at, chat.closed_reason, chat.resolution_time) == (900.0, ClosedReason.AUTO, 740.0)
    assert chat.auto_close_at is None


def test_what_is_said_after_closing_leaves_the_closed_figures_alone() -> None:
    before = only(folded(*OPENING, said(160.0), slot(900.0, "closed_reason", "auto")))
    after = only(folded(*OPENING, said(160.0), *CLOSING))
    assert before == after


def test_a_handoff_opens_a_ticket_and_changes_the_timeout() -> None:
    result = folded(*OPENING, said(160.0), slot(161.0, "handoff_reason", "requested"), event(161.0, "pause"))
    (ticket,) = result.handoffs.values()
    chat = only(result)
    assert (ticket.conversation_id, ticket.reason, ticket.status) == ("c1", "requested", "open")
    assert (chat.handed_over_at, chat.auto_close_at) == (161.0, 161.0 + 3600.0)


def test_two_handoffs_at_once_are_one_ticket() -> None:
    assert len(folded(*OPENING, event(161.0, "pause"), event(161.0, "pause")).handoffs) == 1


def test_human_words_are_counted_apart() -> None:
    chat = only(folded(*OPENING, event(161.0, "pause"), bot(170.0, human_agent="Ada")))
    assert (chat.human_message_count, chat.agent_message_count) == (1, 1)


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (event(200.0, "resume"), "returned"),
        (slot(200.0, "closed_reason", "by_human_agent"), "resolved"),
        (slot(200.0, "closed_reason", "auto"), "closed"),
    ],
)
def test_a_ticket_ends_as_its_conversation_goes_on_or_closes(ending: Dict[str, Any], status: str) -> None:
    (ticket,) = folded(*OPENING, event(161.0, "pause"), ending).handoffs.values()
    assert (ticket.status, ticket.ended_at) == (status, 200.0)


def test_a_rating_is_recorded_and_is_no_new_conversation() -> None:
    chat = only(
        folded(
            *OPENING,
            *CLOSING,
            said(950.0, "5"),
            slot(950.0, "csat_score", 5),
            event(950.0, "active_loop"),
            listen(950.0),
        )
    )
    assert (chat.csat, chat.late_response, chat.user_message_count) == (5, False, 0)


def test_a_rating_after_its_window_is_not_recorded() -> None:
    assert only(folded(*OPENING, *CLOSING, slot(1901.0, "csat_score", 5))).csat is None


def test_only_the_first_rating_counts() -> None:
    assert only(folded(*OPENING, *CLOSING, slot(950.0, "csat_score", 2), slot(951.0, "csat_score", 5))).csat == 2


def test_a_comment_follows_its_rating() -> None:
    chat = only(folded(*OPENING, *CLOSING, slot(950.0, "csat_score", 2), slot(960.0, "csat_comment", "slow")))
    assert (chat.csat, chat.csat_comment) == (2, "slow")


def rates(at: float, chat: str = "c1", score: int = 5, comment: Any = None, **ours: Any) -> Dict[str, Any]:
    return said(at, str(score), rates={"conversation_id": chat, "score": score, "comment": comment}, **ours)


NEWER = (opened(1000.0, "c2"), bot(1000.0), listen(1000.0))


def test_a_rating_after_a_newer_chat_counts_for_the_one_that_was_asked_about() -> None:
    before = folded(*OPENING, *CLOSING, *NEWER)
    after = folded(*OPENING, *CLOSING, *NEWER, rates(1100.0, comment="so kind"), bot(1100.0, rates="c1"))
    assert (after.conversations["c1"].csat, after.conversations["c1"].csat_comment) == (5, "so kind")
    assert after.conversations["c2"] == before.conversations["c2"]
    assert set(after.conversations) == {"c1", "c2"}
    assert after.state.unrated is None


def test_a_second_late_rating_is_a_message_to_the_newer_chat() -> None:
    result = folded(*OPENING, *CLOSING, *NEWER, rates(1100.0), rates(1110.0, score=1))
    assert (result.conversations["c1"].csat, result.conversations["c2"].user_message_count) == (5, 1)


def test_a_late_rating_that_is_delivered_twice_counts_once() -> None:
    once = rates(1100.0)
    assert folded(*OPENING, *CLOSING, *NEWER, once, once).conversations["c2"].user_message_count == 0


def test_a_late_rating_out_of_its_time_or_of_another_chat_is_a_message() -> None:
    for stray in (rates(1901.0), rates(1100.0, "c9")):
        result = folded(*OPENING, *CLOSING, *NEWER, stray)
        figures = result.conversations
        assert (figures["c1"].csat, figures["c2"].user_message_count) == (None, 1)


def test_nobody_waits_for_a_rating_that_was_given_or_that_was_not_asked() -> None:
    assert folded(*OPENING, *CLOSING, slot(950.0, "csat_score", 3.0), *NEWER).state.unrated is None
    assert folded(*OPENING, CLOSING[0], *NEWER).state.unrated is None


def test_the_survey_of_the_newer_chat_is_the_one_that_is_asked() -> None:
    closing = (slot(1500.0, "closed_reason", "auto"), event(1500.0, "active_loop", "csat_form"))
    result = folded(*OPENING, *CLOSING, *NEWER, *closing)
    assert result.state.unrated is None and result.state.survey


def test_a_state_from_before_there_were_late_ratings_is_as_good() -> None:
    state = folded(*OPENING, *CLOSING, *NEWER).state
    old = state.to_dict()
    del old["unrated"]
    assert State.from_dict(old) == state
    assert State.from_dict(state.to_dict()).unrated == state.unrated is not None


@pytest.mark.parametrize(("answer", "reason"), [("resolved", "user_resolved"), ("unresolved", "user_unresolved")])
def test_the_resolution_check_refines_why_it_closed(answer: str, reason: str) -> None:
    chat = only(folded(*OPENING, said(160.0), *CLOSING, slot(920.0, "resolution", answer)))
    assert (chat.closed_reason, chat.closed_at) == (ClosedReason(reason), 900.0)


def test_a_message_that_the_survey_did_not_take_is_a_conversation_of_its_own() -> None:
    result = folded(
        *OPENING, *CLOSING, said(950.0, "I need help"), event(950.0, "active_loop"), bot(951.0), listen(951.0)
    )
    closed, fresh = result.conversations["c1"], result.state.conversation
    assert closed.late_response and fresh is not None
    assert (fresh.previous_conversation_id, fresh.started_at, fresh.responded_at) == ("c1", 950.0, 950.0)
    assert (fresh.user_message_count, fresh.agent_message_count, fresh.first_event) == (1, 1, 8)


def test_a_question_asked_again_keeps_the_message_in_the_survey() -> None:
    result = folded(*OPENING, *CLOSING, said(950.0, "7"), bot(950.0, "1 to 5 please"), listen(950.0))
    assert not only(result).late_response and result.state.pending is None


def test_a_handoff_in_the_survey_belongs_to_the_new_conversation() -> None:
    result = folded(*OPENING, *CLOSING, said(950.0, "human!"), bot(950.0), event(950.0, "pause"))
    (ticket,) = result.handoffs.values()
    assert ticket.conversation_id != "c1" and len(result.conversations) == 2


def test_a_conversation_that_the_person_starts_is_general_from_its_first_message() -> None:
    chat = only(folded(said(50.0)))
    assert (chat.conversation_type, chat.started_at, chat.responded_at) == (ConversationType.GENERAL, 50.0, 50.0)
    assert chat.started_by.value == "recipient"


def test_a_repeated_message_counts_once() -> None:
    assert only(folded(*OPENING, said(160.0, message_id="SM1"), said(160.0, message_id="SM1"))).user_message_count == 1


def test_a_campaigns_own_timeout_outlasts_the_channels() -> None:
    chat = only(folded(opened(100.0, auto_close_timeout=50.0, pinned=True), said(120.0)))
    assert chat.auto_close_at == 170.0


def test_changed_settings_count_from_the_next_message_on() -> None:
    later = said(120.0)
    later["metadata"]["proactive"]["policy"] = {**POLICY, "auto_close_timeout": 5.0}
    assert only(folded(*OPENING, later)).auto_close_at == 125.0


# -- what was shown ---------------------------------------------------------------------------------

UNSEEN = 5000.0


def posted(at: float, chat: str = "c1", **policy: Any) -> Dict[str, Any]:
    """A chat in the messenger, where it is known what was shown."""
    return opened(at, chat, unseen_timeout=UNSEEN, **policy)


def shown(at: float, chat: Any = "c1") -> Dict[str, Any]:
    return slot(at, "messenger_shown", {"conversation_id": chat})


def wrote(at: float, **ours: Any) -> Dict[str, Any]:
    return said(at, policy={**POLICY, "unseen_timeout": UNSEEN}, **ours)


POSTED = (posted(100.0), bot(100.0), listen(100.0))


def test_what_nobody_has_seen_waits_and_the_clock_starts_when_it_is_shown() -> None:
    assert only(folded(*POSTED)).auto_close_at == 100.0 + UNSEEN
    seen = folded(*POSTED, shown(3000.0))
    assert only(seen).auto_close_at == 3600.0
    assert only(seen).last_activity_at == 100.0, "seeing is no activity"


def test_a_campaigns_own_timeout_runs_from_the_showing_too() -> None:
    chat = folded(posted(100.0, auto_close_timeout=50.0, pinned=True), bot(100.0))
    assert only(chat).auto_close_at == 100.0 + UNSEEN
    assert fold(SENDER, chat.state, [shown(200.0)]).state.conversation.auto_close_at == 250.0  # type: ignore[union-attr]


@pytest.mark.parametrize("proof", [wrote(150.0), slot(150.0, "reaction", {"kind": "emoji"})])
def test_who_answers_has_seen_it(proof: Dict[str, Any]) -> None:
    assert only(folded(*POSTED, proof)).auto_close_at == 750.0


def test_an_answer_of_the_ai_agent_does_not_wait_to_be_seen() -> None:
    assert only(folded(*POSTED, wrote(150.0), bot(151.0))).auto_close_at == 751.0
    assert only(folded(*POSTED, wrote(150.0), bot(151.0), shown(400.0))).auto_close_at == 1000.0


def test_what_is_said_to_somebody_who_went_away_waits_for_them() -> None:
    again = folded(*POSTED, wrote(150.0), bot(300.0, appended=True))
    assert only(again).auto_close_at == 300.0 + UNSEEN
    human = folded(*POSTED, wrote(150.0), event(160.0, "pause"), bot(300.0, human_agent="Ada"))
    assert only(human).auto_close_at == 300.0 + UNSEEN
    assert only(folded(*POSTED, wrote(150.0), bot(300.0, appended=True), shown(400.0))).auto_close_at == 1000.0


def test_what_was_shown_of_another_conversation_is_nothing_seen_of_this_one() -> None:
    assert only(folded(*POSTED, shown(150.0, "c9"))).auto_close_at == 100.0 + UNSEEN
    assert only(folded(*POSTED, shown(150.0, None))).auto_close_at == 100.0 + UNSEEN
    newer = folded(*POSTED, shown(150.0), posted(200.0, "c2"), bot(200.0))
    assert newer.conversations["c2"].auto_close_at == 200.0 + UNSEEN


def test_where_nothing_is_known_of_showing_the_clock_starts_with_the_words() -> None:
    assert only(folded(*OPENING)).auto_close_at == 700.0


# -- a reply that a closed chat suggested -----------------------------------------------------------


@pytest.mark.parametrize(
    "reply", [said(1000.0, "Yes", reply_to="c1"), slot(1000.0, "reaction", {"kind": "link", "reply_to": "c1"})]
)
def test_a_suggested_reply_counts_for_its_chat_after_closing(reply: Dict[str, Any]) -> None:
    chat = folded(*OPENING, slot(900.0, "closed_reason", "auto"), reply).conversations["c1"]
    assert (chat.response_status, chat.responded_at) == (ResponseStatus.RESPONDED, 1000.0)
    assert (chat.status, chat.closed_at, chat.user_message_count) == (ConversationStatus.CLOSED, 900.0, 0)
    assert chat.resolution_time is None, "nothing was resolved before it closed"
    assert chat.late_response


def test_the_reply_itself_begins_a_conversation_that_follows() -> None:
    fresh = folded(*OPENING, slot(900.0, "closed_reason", "auto"), said(1000.0, "Yes", reply_to="c1")).state
    assert fresh.conversation is not None and fresh.conversation.previous_conversation_id == "c1"
    assert fresh.conversation.user_message_count == 1


@pytest.mark.parametrize("reply_to", ["c0", None, 5])
def test_a_reply_to_something_else_does_not_count_for_it(reply_to: Any) -> None:
    chat = folded(*OPENING, slot(900.0, "closed_reason", "auto"), said(1000.0, "Yes", reply_to=reply_to))
    assert chat.conversations["c1"].response_status is ResponseStatus.NOT_RESPONDED
    assert chat.conversations["c1"].late_response


def test_a_second_chat_in_one_conversation_takes_back_what_the_first_offered() -> None:
    first = bot(100.0, suggested_replies=[{"title": "Yes"}])
    assert len(folded(opened(100.0), first, bot(200.0)).state.offered) == 1
    assert folded(opened(100.0), first, bot(200.0, appended=True)).state.offered == ()


# -- any order, duplication or loss of events ------------------------------------------------------

times = st.integers(0, 3000).map(float)
events = st.one_of(
    st.builds(opened, times, st.sampled_from(["c1", "c2", "c3"])),
    st.builds(said, times, st.just("x"), st.sampled_from(["a", "b", "c", "d", ""])),
    st.builds(lambda at: said(at, "STOP", keyword="stop"), times),
    st.builds(posted, times, st.sampled_from(["c1", "c2", "c3"])),
    st.builds(wrote, times, reply_to=st.sampled_from(["c1", "c2", "c3", None])),
    st.builds(shown, times, st.sampled_from(["c1", "c2", "c3", None])),
    st.builds(lambda at: slot(at, "reaction", {"kind": "link", "reply_to": "c1"}), times),
    st.builds(lambda at: bot(at, appended=True, suggested_replies=[{"title": "Yes"}]), times),
    st.builds(bot, times),
    st.builds(lambda at: bot(at, human_agent="Ada"), times),
    st.builds(
        rates, times, st.sampled_from(["c1", "c2"]), st.sampled_from([1, 5, 7, None]), st.sampled_from([None, "ok"])
    ),
    st.builds(lambda at: bot(at, rates="c1"), times),
    st.builds(external, times),
    st.builds(slot, times, st.just("closed_reason"), st.sampled_from([r.value for r in ClosedReason] + [None, "??"])),
    st.builds(slot, times, st.just("csat_score"), st.sampled_from([1, 5, 5.0, None, 7, "x", True])),
    st.builds(slot, times, st.just("csat_comment"), st.sampled_from(["ok", "", None, 3])),
    st.builds(slot, times, st.just("resolution"), st.sampled_from(["resolved", "unresolved", None])),
    st.builds(slot, times, st.just("reaction"), st.sampled_from([{"kind": "liked"}, None])),
    st.builds(slot, times, st.just("handoff_reason"), st.sampled_from(["requested", None])),
    st.builds(event, times, st.sampled_from(["pause", "resume", "session_started", "restart", "undo", "nonsense"])),
    st.builds(event, times, st.just("active_loop"), st.sampled_from(["csat_form", None, "other_form"])),
    st.builds(listen, times),
    st.dictionaries(st.sampled_from(["event", "timestamp", "name", "value", "metadata"]), st.none() | st.text()),
)
histories = st.lists(events, max_size=40)


def assert_consistent(chat: Conversation) -> None:
    responded = chat.response_status is ResponseStatus.RESPONDED
    assert responded == (chat.responded_at is not None)
    assert responded == (chat.conversation_type is ConversationType.GENERAL)
    assert chat.is_open == (chat.closed_at is None) == (chat.closed_reason is None)
    assert chat.is_open or chat.auto_close_at is None
    in_time = chat.responded_at is not None and chat.closed_at is not None and not chat.late_response
    assert chat.resolution_time is not None or not in_time
    assert chat.resolution_time is None or (not chat.is_open and responded)
    assert chat.resolution_time is None or chat.resolution_time >= 0
    assert chat.last_activity_at >= chat.started_at
    assert chat.csat in (None, 1, 2, 3, 4, 5)
    assert chat.csat_comment is None or chat.csat is not None
    assert min(chat.user_message_count, chat.agent_message_count, chat.human_message_count) >= 0


@given(histories)
@settings(max_examples=400, deadline=None)
def test_no_history_gives_figures_that_contradict_each_other(history: List[Dict[str, Any]]) -> None:
    result = folded(*history)
    for chat in result.conversations.values():
        assert_consistent(chat)
    open_ones = [chat for chat in result.conversations.values() if chat.is_open]
    assert len(open_ones) <= 1
    open_tickets = [ticket for ticket in result.handoffs.values() if ticket.status == "open"]
    assert len(open_tickets) <= len(open_ones)


@given(histories, st.lists(st.integers(0, 40), max_size=5))
@settings(max_examples=400, deadline=None)
def test_live_figures_equal_rebuilt_ones_however_the_saves_were_cut(
    history: List[Dict[str, Any]], cuts: List[int]
) -> None:
    state, conversations, handoffs, start = State(), {}, {}, 0
    for end in [*sorted(cuts), len(history)]:
        # What is kept between two saves is what the database keeps.
        part = fold(SENDER, State.from_dict(state.to_dict()), history[start : max(start, end)])
        state, start = part.state, max(start, end)
        conversations.update(part.conversations)
        handoffs.update(part.handoffs)
    whole = folded(*history)
    assert (state, conversations, handoffs) == (whole.state, whole.conversations, whole.handoffs)
    assert state.unrated == whole.state.unrated


@given(histories)
@settings(max_examples=200, deadline=None)
def test_closed_figures_move_only_by_the_survey_and_lateness(history: List[Dict[str, Any]]) -> None:
    closed: Dict[str, Conversation] = {}
    state = State()
    for one in history:
        result = fold(SENDER, state, [one])
        state = result.state
        for chat in result.conversations.values():
            before = closed.get(chat.id)
            if before is not None:
                may_move = {"csat", "csat_comment", "late_response", "closed_reason"}
                if before.responded_at is None and chat.late_response:
                    # A reply that it suggested still counts for it.
                    may_move |= {"response_status", "responded_at", "conversation_type"}
                moved = {name for name, value in chat.to_dict().items() if before.to_dict()[name] != value}
                assert moved <= may_move
            if not chat.is_open:
                closed[chat.id] = chat
