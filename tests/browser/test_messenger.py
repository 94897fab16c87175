"""Whole conversations in a real browser, with the real servers behind it."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.messenger import Messenger, Person
from tests.browser.shop import Shop
from tests.journey.stack import Stack, wait_for

NewContext = Callable[..., BrowserContext]
REPLIES = [{"title": "See the offer", "url": "https://example.com/sale"}, {"title": "Talk to a person"}]


def spoken(stack: Stack, chat: str, sender: str) -> list[str]:
    return [said["text"] for said in stack.chat(chat)["transcript"] if said["sender"] == sender]


def test_from_first_sight_to_the_rating(stack: Stack, shop: Shop, page: Page) -> None:
    ann = Person(stack, "Ann")
    chat = ann.is_sent("**Our sale** ends Sunday!", suggested_replies=REPLIES)
    messenger = Messenger(page).visit(shop, token=ann.token(), title="Juniper & Co.")

    expect(messenger.badge).to_have_attribute("data-count", "1")
    expect(messenger.preview).to_contain_text("Our sale ends Sunday!")
    assert stack.chat(chat)["delivery_status"] == "sent", "a preview is not an open messenger"

    messenger.preview.get_by_role("button", name="Our sale").click()
    expect(messenger.theirs("Our sale ends Sunday!").locator("strong")).to_have_text("Our sale")
    expect(messenger.badge).to_have_count(0)
    stack.until(chat, lambda one: one["delivery_status"] == "delivered")
    assert stack.chat(chat)["response_status"] == "not_responded"

    messenger.reply("Talk to a person").click()
    expect(messenger.own("Talk to a person")).to_have_count(1)
    expect(messenger.reply("Talk to a person")).to_have_count(0)
    expect(messenger.log.get_by_role("link", name="See the offer")).to_be_visible()
    expect(messenger.panel.get_by_text("A person will join soon")).to_be_visible()

    ticket = stack.ticket(chat)
    assert stack.act(ticket, "messages", text="Hi Ann, this is Ada.", agent_name="Ada").status_code == 202
    expect(messenger.theirs("Hi Ann, this is Ada.")).to_be_visible()
    expect(messenger.log.get_by_text("Ada joined")).to_be_visible()
    expect(messenger.panel.get_by_role("heading", name="Ada")).to_be_visible()
    messenger.say("Which pot is the blue one?")
    expect(messenger.own("Which pot is the blue one?")).to_have_count(1)

    assert stack.act(ticket, "resolve").status_code == 202
    expect(messenger.survey.get_by_role("radiogroup")).to_be_visible()
    expect(messenger.panel.get_by_text("This conversation is closed.")).to_be_visible()
    messenger.survey.get_by_role("radio", name="Bad").click()
    expect(messenger.survey.get_by_label("Your comment")).to_be_visible()
    messenger.survey.get_by_label("Your comment").fill("It was green")
    messenger.survey.get_by_role("button", name="Send").click()
    expect(messenger.survey).to_have_count(0)
    rated = stack.until(chat, lambda one: one["csat_comment"])
    assert (rated["csat"], rated["csat_comment"], rated["closed_reason"]) == (2, "It was green", "by_human_agent")
    assert spoken(stack, chat, "human_agent") == ["Hi Ann, this is Ada."]

    messenger.panel.get_by_role("button", name="Start a new conversation").click()
    expect(messenger.field).to_be_focused()
    messenger.say("hello again")
    expect(messenger.own("hello again")).to_have_count(1)
    expect(messenger.log.get_by_text("New conversation")).to_be_visible()
    expect(messenger.field).to_be_visible()
    assert stack.chat(chat)["csat"] == 2


def test_only_the_marketers_marks_are_marks(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "*Bo*")
    chat = person.is_sent("**Hello** {{ nickname }}")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    said = messenger.theirs("Hello *Bo*")
    expect(said).to_have_count(1)
    expect(said.locator("strong")).to_have_text("Hello")
    messenger.say("human please")
    ticket = stack.ticket(chat)
    typed = "> 50 EUR, *abc* + _x_"
    assert stack.act(ticket, "messages", text=typed, agent_name="Ada").status_code == 202
    expect(messenger.theirs(typed)).to_have_count(1)
    assert spoken(stack, chat, "human_agent") == [typed]


def test_a_comment_can_be_skipped(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Skip")
    chat = person.is_sent("A word from us")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    messenger.say("ok")
    expect(messenger.own("ok")).to_have_count(1)
    stack.close(chat)
    messenger.survey.get_by_role("radio", name="Terrible").click()
    messenger.survey.get_by_role("button", name="Skip").click()
    expect(messenger.survey).to_have_count(0)
    assert stack.until(chat, lambda one: one["csat"])["csat"] == 1


def test_a_reload_in_the_middle_loses_nothing(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Reload")
    chat = person.is_sent("Which colour?", suggested_replies=["Red", "Blue"])
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    messenger.say("I think the green one")
    expect(messenger.own("I think the green one")).to_have_count(1)
    page.reload()
    messenger.connected()
    expect(messenger.panel).to_be_visible()
    expect(messenger.theirs("Which colour?")).to_have_count(1)
    expect(messenger.own("I think the green one")).to_have_count(1)
    messenger.say("or the red one")
    expect(messenger.own("or the red one")).to_have_count(1)
    assert spoken(stack, chat, "recipient") == ["I think the green one", "or the red one"]


def test_two_tabs_stay_in_step(stack: Stack, shop: Shop, new_context: NewContext) -> None:
    person = Person(stack, "Tabs")
    token, context = person.token(), new_context()
    one, two = (Messenger(context.new_page()).visit(shop, token=token) for _ in range(2))
    person.is_sent("Hello in both tabs", suggested_replies=["Nice"])
    expect(one.badge).to_have_attribute("data-count", "1")
    expect(two.badge).to_have_attribute("data-count", "1")

    one.open()
    expect(two.badge).to_have_count(0)
    expect(two.preview).to_have_count(0)
    two.open()
    one.reply("Nice").click()
    expect(two.own("Nice")).to_have_count(1)
    expect(two.reply("Nice")).to_have_count(0)
    expect(one.own("Nice")).to_have_count(1)

    two.theirs("Hello in both tabs").hover()
    two.log.get_by_role("button", name="Add a reaction").first.click()
    two.log.get_by_role("button", name="👍").click()
    expect(one.log.get_by_role("button", name="Remove the reaction 👍")).to_be_visible()


def test_two_visitors_see_only_what_is_theirs(stack: Stack, shop: Shop, new_context: NewContext) -> None:
    ann, ben = Person(stack, "Ann"), Person(stack, "Ben")
    hers = Messenger(new_context().new_page()).visit(shop, token=ann.token()).open()
    his = Messenger(new_context().new_page()).visit(shop, token=ben.token()).open()
    ann.is_sent("A secret for Ann")
    ben.is_sent("Something for Ben")
    expect(hers.theirs("A secret for Ann")).to_be_visible()
    expect(his.theirs("Something for Ben")).to_be_visible()
    his.say("what did Ann get")
    expect(his.own("what did Ann get")).to_have_count(1)
    expect(his.log.get_by_text("A secret for Ann")).to_have_count(0)
    expect(hers.log.get_by_text("what did Ann get")).to_have_count(0)


def test_another_token_is_another_person(stack: Stack, shop: Shop, page: Page) -> None:
    ann, ben = Person(stack, "Ann"), Person(stack, "Ben")
    ann.is_sent("A secret for Ann")
    messenger = Messenger(page).visit(shop, token=ann.token()).open()
    expect(messenger.theirs("A secret for Ann")).to_be_visible()
    page.evaluate("token => window.RasaProactive.widget.setToken(token)", ben.token())
    expect(messenger.log.get_by_text("Hi Ben, how can we help?")).to_be_visible()
    expect(messenger.log.get_by_text("A secret for Ann")).to_have_count(0)


def test_what_is_written_offline_is_sent_once_back(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Away")
    chat = person.is_sent("Are you there?")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    expect(messenger.theirs("Are you there?")).to_be_visible()

    page.context.set_offline(True)
    expect(messenger.panel.get_by_text("You are offline.")).to_be_visible()
    messenger.say("I am on a train")
    messenger.say("and back soon")
    expect(messenger.log.get_by_text("Sending…")).to_have_count(2)

    page.context.set_offline(False)
    expect(messenger.own("I am on a train")).to_have_count(1)
    expect(messenger.own("and back soon")).to_have_count(1)
    expect(messenger.panel.get_by_text("You are offline.")).to_have_count(0)
    expect(messenger.log.locator(".outgoing")).to_have_count(0)
    said = wait_for(lambda: spoken(stack, chat, "recipient") if len(spoken(stack, chat, "recipient")) > 1 else [])
    assert said == ["I am on a train", "and back soon"]


def test_what_was_not_sent_yet_survives_a_reload(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Lost")
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    server = re.compile(re.escape(stack.config.public_url))
    page.route(server, lambda route: route.abort())
    page.evaluate("() => window.RasaProactive.widget.connection.wire.socket.io.engine.close()")
    messenger.say("hold this for me")
    expect(messenger.log.get_by_text("Sending…")).to_be_visible()
    page.unroute(server)
    page.reload()
    expect(messenger.own("hold this for me")).to_have_count(1)


def test_an_anonymous_visitor_is_remembered(stack: Stack, shop: Shop, page: Page, new_context: NewContext) -> None:
    messenger = Messenger(page).visit(shop).open()
    messenger.say("hello there")
    expect(messenger.own("hello there")).to_have_count(1)
    page.reload()
    expect(messenger.own("hello there")).to_have_count(1)
    kept = page.evaluate("() => JSON.stringify(localStorage)")
    assert stack.config.public_url in kept

    stranger = Messenger(new_context().new_page()).visit(shop).open()
    expect(stranger.log.get_by_text("How can we help?")).to_be_visible()
    expect(stranger.log.get_by_text("hello there")).to_have_count(0)


def test_who_has_a_token_leaves_no_session_behind(stack: Stack, shop: Shop, page: Page) -> None:
    Messenger(page).visit(shop, token=Person(stack, "Token").token())
    assert page.evaluate("() => Object.keys(localStorage)") == []


def test_older_messages_come_when_scrolled_to(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Long")
    chats = [person.is_sent(f"Note {number}.", if_active="append") for number in range(1, 62)]
    assert len(chats) == 61
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    expect(messenger.theirs("Note 61.")).to_be_in_viewport()
    expect(messenger.theirs("Note 1.")).to_have_count(0)
    messenger.log.hover()
    for _ in range(200):
        if messenger.theirs("Note 1.").count():
            break
        page.mouse.wheel(0, -600)
        page.wait_for_timeout(50)
    expect(messenger.theirs("Note 1.")).to_have_count(1)
    expect(messenger.log.locator(".row.theirs")).to_have_count(61)
    messenger.panel.get_by_role("button", name="Jump to the latest message").click()
    expect(messenger.theirs("Note 61.")).to_be_in_viewport()


def test_scripts_and_wild_links_are_text(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Safe")
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    messenger = Messenger(page).visit(shop, token=person.token()).open()
    hostile = (
        '<img src=x onerror="alert(1)"><script>alert(2)</script> [free](javascript:alert(3)) [ok](https://example.com/)'
    )
    person.is_sent(hostile)
    bubble = messenger.theirs("onerror")
    expect(bubble).to_contain_text(
        '<img src=x onerror="alert(1)"><script>alert(2)</script> [free](javascript:alert(3))'
    )
    links = bubble.get_by_role("link")
    expect(links).to_have_count(1)
    expect(links).to_have_attribute("href", "https://example.com/")
    expect(links).to_have_attribute("rel", re.compile("noopener"))
    expect(bubble.locator("img, script")).to_have_count(0)
    messenger.say("<b onmouseover=alert(4)>me</b>")
    expect(messenger.own("<b onmouseover=alert(4)>me</b>")).to_have_count(1)
    assert dialogs == []


def test_the_page_listens_and_steers(stack: Stack, shop: Shop, page: Page) -> None:
    person = Person(stack, "Host")
    messenger = Messenger(page).visit(shop, token=person.token())
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ['open', 'close', 'message', 'unread']) {
                RasaProactive.widget.on(name, detail => heard.push([name, detail && detail.text || detail || null]));
            }
        }"""
    )
    person.is_sent("News for the page")
    wait_for(lambda: page.evaluate("() => heard.some(([name, detail]) => name === 'unread' && detail === 1)"))
    page.evaluate("() => RasaProactive.widget.open()")
    expect(messenger.panel).to_be_visible()
    wait_for(lambda: page.evaluate("() => heard.some(([name, detail]) => name === 'unread' && !detail)"))
    page.evaluate("() => RasaProactive.widget.close()")
    expect(messenger.panel).to_have_count(0)
    assert page.evaluate("() => heard") == [
        ["message", "News for the page"],
        ["unread", 1],
        ["open", None],
        ["unread", None],
        ["close", None],
    ]
    page.evaluate("() => RasaProactive.widget.destroy()")
    expect(messenger.root).to_have_count(0)


def test_a_token_that_runs_out_is_renewed(stack: Stack, shop: Shop, page: Page) -> None:
    """The page's ``getToken`` is asked; the conversation goes on."""
    person = Person(stack, "Fresh")
    page.goto(shop.url())
    stale, fresh = expired(person.token()), person.token()
    wait_for(lambda: page.evaluate("() => window.RasaProactive && RasaProactive.widget"))
    page.evaluate(
        """([server, stale, fresh]) => {
            window.asked = 0;
            RasaProactive.init({server, token: stale, getToken: async () => { asked += 1; return fresh; }});
        }""",
        [stack.config.public_url, stale, fresh],
    )
    messenger = Messenger(page).connected().open()
    expect(messenger.log.get_by_text("Hi Fresh, how can we help?")).to_be_visible()
    assert page.evaluate("() => asked") == 1


def expired(token: str) -> str:
    """The token with another signature: no server takes it."""
    head, body, _ = token.split(".")
    return f"{head}.{body}.{'A' * 43}"
