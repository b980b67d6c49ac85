"""The console in a real browser: live, by clicks, on a small phone and a desk."""

from __future__ import annotations

import re
from threading import Event

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy.engine import Row

from bot.console.pages import LANGUAGE_COOKIE
from bot.followup import cases, closing, conversations
from bot.followup.sessions import end_session
from tests.browser import assert_accessible, assert_fits, browser, collect_complaints
from tests.console.cases import Office, answer, flag, make_talk, write
from tests.console.in_browser import complaints, signed_in, site, url
from tests.console.site import Site
from tests.made_up import PASSWORD, make_member

__all__ = ["browser", "complaints", "signed_in", "site", "url"]

pytestmark = pytest.mark.browser

# An open page shows what is new within this time (milliseconds).
LIVE = 2000


@pytest.fixture
def talk(site: Site, office: Office) -> Row:
    talk = make_talk(site, office, case_number="0317", phone_shared=True)
    with site.database.write() as connection:
        write(connection, talk, "bonjour", site.clock())
        answer(connection, talk, "Bonjour. Ça va ?", site.clock(), choices=("Oui", "Non"))
    return talk


def _mark(page: Page) -> None:
    """Leave something that a reload would take away."""
    page.evaluate("window.notReloaded = true")


def _was_reloaded(page: Page) -> bool:
    return not page.evaluate("window.notReloaded === true")


def _until(page: Page, condition: str) -> None:
    """Wait until something is so; ``worker()`` gives the registration of the worker of notes."""
    page.evaluate(
        "async () => { const worker = () =>"
        " navigator.serviceWorker.getRegistration('/console/static/');"
        f" for (let tries = 0; tries < 200; tries++) {{ if ({condition}) return;"
        " await new Promise(next => setTimeout(next, 50)); }"
        " throw new Error('it never was so'); }"
    )


def test_signing_in_at_the_door(browser, url, office, complaints):
    context = browser.new_context(base_url=url)
    page = context.new_page()
    collect_complaints(page, complaints)
    page.goto("/console")
    page.get_by_label("Adresse e-mail").fill("awa@exemple.test")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    page.get_by_role("button", name="Sortir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ouvrir une session")
    context.close()
    assert complaints == []


def test_a_critical_alert_is_seen_at_once_without_reloading(site, office, talk, signed_in):
    page = signed_in(office.awa, "/console")
    expect(page.get_by_text("En direct")).to_be_visible()
    expect(page.get_by_role("heading", name="Tout est calme")).to_be_visible()
    _mark(page)
    flag(site, talk, "critical")
    expect(page.get_by_role("heading", name="Critique 1")).to_be_visible(timeout=LIVE)
    expect(page).to_have_title("(1) Aujourd’hui · Akoma")
    expect(page.get_by_role("status")).to_have_text("1 chose à faire. 1 critique. 1 nouvelle.")
    assert not _was_reloaded(page)


def test_who_asked_for_it_is_called_by_a_new_critical_alert_and_by_no_other(
    site, office, talk, signed_in, complaints
):
    page = signed_in(office.awa, "/console", permissions=["notifications"])
    expect(page.get_by_text("En direct")).to_be_visible()
    page.evaluate(
        "() => { window.notes = []; window.Notification = class { static permission = 'granted';"
        " constructor(title, options) { window.notes.push(title + options.body) } }; }"
    )
    flag(site, talk, "critical")
    expect(page.get_by_role("link", name="Violence")).to_be_visible(timeout=LIVE)
    assert page.evaluate("notes.length") == 0
    page.get_by_role("button", name="Activer le son").click()
    expect(page.get_by_role("button", name="Son activé")).to_be_visible()
    flag(site, make_talk(site, office), "high")
    expect(page.get_by_role("heading", name="Urgent 1")).to_be_visible(timeout=LIVE)
    assert page.evaluate("notes.length") == 0
    flag(site, make_talk(site, office), "critical")
    expect(page.get_by_role("heading", name="Critique 2")).to_be_visible(timeout=LIVE)
    (note,) = page.evaluate("notes")
    assert "Violence" not in note
    assert complaints == []


def test_a_phone_that_lets_pages_show_no_notes_is_called_by_a_worker(
    site, office, signed_in, complaints
):
    page = signed_in(office.awa, "/console", permissions=["notifications"])
    page.get_by_role("button", name="Activer le son").click()
    page.evaluate(
        "() => { window.Notification = class { static permission = 'granted';"
        " constructor() { throw new TypeError('Illegal constructor') } }; }"
    )
    _until(page, "(await worker())?.active?.state === 'activated'")
    flag(site, make_talk(site, office), "critical")
    _until(page, "(await (await worker()).getNotifications()).length === 1")
    (title,) = page.evaluate(
        "async () => (await (await navigator.serviceWorker.getRegistration("
        "'/console/static/')).getNotifications()).map(each => each.title)"
    )
    assert title == "Alerte critique"
    assert complaints == []


def test_closing_in_one_tap_and_taking_it_back(site, office, talk, signed_in):
    flag(site, talk, category="fear")
    page = signed_in(office.awa, "/console")
    expect(page.get_by_text("En direct")).to_be_visible()
    flag(site, make_talk(site, office))
    expect(page.get_by_role("heading", name="Urgent 2")).to_be_visible(timeout=LIVE)
    page.get_by_role("button", name="Appel fait").click()
    expect(page.get_by_role("heading", name="Urgent 1")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(page.get_by_role("heading", name="Urgent 2")).to_be_visible()


def test_what_a_colleague_does_shows_and_the_focus_stays(site, office, talk, signed_in):
    made = flag(site, talk)
    page = signed_in(office.awa, "/console")
    expect(page.get_by_text("En direct")).to_be_visible()
    page.get_by_role("link", name="Violence").focus()
    with site.database.write() as connection:
        cases.acknowledge(connection, office.sita, made, site.clock())
    expect(page.get_by_text("pour Sita")).to_be_visible(timeout=LIVE)
    expect(page.get_by_role("link", name="Violence")).to_be_focused()


def test_taking_over_answering_and_handing_back_by_clicks(
    site, office, talk, signed_in, complaints
):
    flag(site, talk)
    page = signed_in(office.awa, "/console")
    page.get_by_role("link", name="Violence").click()
    page.get_by_role("link", name="Lire la conversation").click()
    page.get_by_role("button", name="Prendre la conversation").click()
    expect(page.get_by_text("Awa, une personne : bonjour.")).to_be_visible()
    page.get_by_label("Votre réponse").fill("La police vient demain.")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("alert")).to_contain_text("police")
    expect(page.get_by_label("Votre réponse")).to_have_value("La police vient demain.")
    page.get_by_label("Votre réponse").fill("Merci, je t’écris demain.")
    page.get_by_role("button", name="Envoyer").click()
    # It is a shared phone: one is asked, once.
    expect(page.get_by_role("alert")).to_contain_text("partagé")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Envoyer mon texte quand même").click()
    expect(page.locator(".line.staff").last).to_contain_text("Merci, je t’écris demain.")
    expect(page.locator(".line.staff").last).to_contain_text("En attente d’envoi")
    page.get_by_role("button", name="Rendre au programme").click()
    expect(page.get_by_text("Awa a fini pour le moment.")).to_be_visible()
    page.locator("aside").get_by_role("link", name="Violence").click()
    page.get_by_label("Réponse donnée par écrit").check()
    page.get_by_label("Pas de signalement").check()
    page.get_by_label("Pourquoi").fill("Le juge suit déjà.")
    page.get_by_label("Ce qui a été fait").fill("Elle rappelle jeudi.")
    page.get_by_role("button", name="Fermer", exact=True).click()
    expect(page.get_by_text("L’alerte est fermée.")).to_be_visible()
    expect(page.get_by_role("heading", name="Tout est calme")).to_be_visible()
    # The browser itself notes the answers to the reply that would have betrayed (422), and to
    # the one that was asked about (409).
    assert len(complaints) == 2
    assert all("422" in text or "409" in text for text in complaints)


def test_a_new_message_appears_while_a_reply_is_being_written(site, office, talk, signed_in):
    with site.database.write() as connection:
        conversations.take_over(connection, office.awa, talk.id)
    page = signed_in(office.awa, f"/console/conversations/{talk.id}")
    page.get_by_label("Votre réponse").fill("Je réfléchis")
    _mark(page)
    with site.database.write() as connection:
        write(connection, talk, "tu es là ?", site.clock())
    expect(page.locator(".line.person").last).to_contain_text("tu es là ?", timeout=LIVE)
    expect(page.get_by_label("Votre réponse")).to_have_value("Je réfléchis")
    expect(page.get_by_role("status")).to_have_text("Nouveau message")
    assert not _was_reloaded(page)


def test_a_colleague_who_takes_it_closes_the_reply_box_of_others(site, office, talk, signed_in):
    awa = signed_in(office.awa, f"/console/conversations/{talk.id}")
    sita = signed_in(office.sita, f"/console/conversations/{talk.id}")
    expect(awa.get_by_role("button", name="Prendre la conversation")).to_be_visible()
    sita.get_by_role("button", name="Prendre la conversation").click()
    expect(awa.get_by_text("Sita répond à cette personne.")).to_be_visible(timeout=LIVE)
    expect(awa.get_by_role("button", name="Prendre la conversation")).to_have_count(0)


def test_who_pressed_too_late_takes_nothing_when_it_is_given_back(site, office, talk, signed_in):
    path = f"/console/conversations/{talk.id}"
    page = signed_in(office.awa, path)
    # The route stays: taken away while a request passes, it would leave that request hanging.
    pressed = Event()
    page.route("**/thread", lambda route: route.continue_() if pressed.is_set() else route.abort())
    with site.database.write() as connection:
        conversations.take_over(connection, office.sita, talk.id)
    page.get_by_role("button", name="Prendre la conversation").click()
    expect(page.get_by_role("alert")).to_contain_text("répond déjà")
    pressed.set()
    with site.database.write() as connection:
        conversations.hand_back(connection, office.sita, talk.id)
    expect(page.get_by_role("button", name="Prendre la conversation")).to_be_visible()
    expect(page).to_have_url(re.compile(f"{path}$"))
    with site.database.read() as connection:
        assert conversations.get_conversation(connection, talk.id).owner_id is None


def test_a_session_that_ended_elsewhere_leads_to_the_door(site, office, talk, signed_in):
    page = signed_in(office.awa, "/console")
    expect(page.get_by_text("En direct")).to_be_visible()
    (cookie,) = page.context.cookies()
    with site.database.write() as connection:
        end_session(connection, cookie["value"])
    flag(site, talk)
    expect(page.get_by_label("Mot de passe")).to_be_visible()


def test_without_streams_the_page_asks_by_itself(site, office, talk, signed_in):
    page = signed_in(office.awa, "/console/sign-in")
    page.route("**/console/live", lambda route: route.abort())
    page.clock.install()
    page.goto("/console")
    expect(page.get_by_text("Actualisé toutes les 20 secondes")).to_be_visible()
    flag(site, talk)
    page.clock.run_for(21_000)
    expect(page.get_by_role("link", name="Violence")).to_be_visible()


def test_without_javascript_everything_works(site, office, talk, signed_in):
    flag(site, talk)
    page = signed_in(office.awa, "/console", java_script_enabled=False)
    refresh = page.locator('meta[http-equiv="refresh"]').get_attribute("content")
    assert refresh is not None
    seconds, _, address = refresh.partition("; url=")
    assert int(seconds) <= 30
    page.goto(address)
    page.get_by_role("link", name="Violence").click()
    page.get_by_role("link", name="Lire la conversation").click()
    page.get_by_role("button", name="Prendre la conversation").click()
    page.get_by_label("Votre réponse").fill("Merci.")
    page.get_by_role("button", name="Envoyer").click()
    page.get_by_role("button", name="Envoyer mon texte quand même").click()
    expect(page.locator(".line.staff").last).to_contain_text("Merci.")


def test_the_list_is_used_by_keys_alone(site, office, talk, signed_in):
    flag(site, talk)
    page = signed_in(office.awa, "/console")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(5):
        page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Violence")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Violence")


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]
)
def test_every_page_fits_and_is_readable(site, office, talk, signed_in, complaints, width, scheme):
    made = [
        flag(site, talk, severity, kind="task", category=severity, author_unsure=True)
        for severity in ("critical", "high", "normal")
    ]
    sealed = flag(site, talk, restricted=True)
    with site.database.write() as connection:
        for state in ("failed", "held"):
            answer(connection, talk, "Bonjour", site.clock(), state=state, by=office.fanta)
        write(connection, talk, "x" * 300, site.clock())
        closing.resolve(connection, office.fanta, made[0], "called", site.clock(), note="fait")
        cases.take_back(connection, talk.id, site.clock())
        conversations.take_over(connection, office.fanta, talk.id)
    page = signed_in(
        office.fanta,
        "/console",
        viewport={"width": width, "height": 740},
        color_scheme=scheme,
    )
    for path in (
        "/console",
        "/console/alerts?show=closed",
        "/console/alerts",
        f"/console/alerts/{made[0]}",
        f"/console/alerts/{sealed}",
        f"/console/conversations/{talk.id}",
    ):
        page.goto(path)
        assert_fits(page)
        assert_accessible(page)
    page.get_by_role("button", name="Sortir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ouvrir une session")
    assert_fits(page)
    assert_accessible(page)
    assert complaints == []


def test_a_colleague_sees_at_once_who_is_writing(site, office, talk, signed_in):
    with site.database.write() as connection:
        conversations.take_over(connection, office.awa, talk.id)
    path = f"/console/conversations/{talk.id}"
    awa, sita = signed_in(office.awa, path), signed_in(office.sita, path)
    _mark(sita)
    awa.get_by_label("Votre réponse").press_sequentially("Bon")
    expect(sita.get_by_text("Awa écrit…")).to_be_visible(timeout=LIVE)
    expect(awa.get_by_text("écrit…")).to_have_count(0)
    assert not _was_reloaded(sita)


def test_the_pages_stand_on_one_line_of_a_small_phone(site, office, signed_in):
    page = signed_in(office.awa, "/console", viewport={"width": 360, "height": 740})
    for path in ("/console", "/console/alerts", "/console/people", "/console/rota"):
        page.goto(path)
        links = page.get_by_role("navigation", name="Pages").get_by_role("link")
        tops = links.evaluate_all("all => all.map(each => each.getBoundingClientRect().top)")
        assert len(tops) == 4
        assert len(set(tops)) == 1, path


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("code", ["fr", "en"])
def test_many_pages_stand_on_one_line_of_a_small_phone_beside_a_menu_of_the_rest(
    site, office, signed_in, code, scripts
):
    with site.database.write() as connection:
        clarisse = make_member(connection, office.home, "supervisor", "Clarisse")
    page = signed_in(
        clarisse,
        "/console",
        viewport={"width": 360, "height": 740},
        java_script_enabled=scripts,
    )
    cookie = {"name": LANGUAGE_COOKIE, "value": code, "url": page.url}
    page.context.add_cookies([cookie])
    pages = page.get_by_role("navigation", name="Pages")
    in_line = pages.locator("> a:visible, > details > summary")
    for path in ("", "/alerts", "/people", "/rota", "/unclear", "/translations", "/figures"):
        page.goto(f"/console{path}")
        tops = {round((each.bounding_box() or {})["y"]) for each in in_line.all()}
        assert (in_line.count(), len(tops)) == (4, 1), path
        assert_fits(page)
    in_line.last.press("Enter")
    expect(in_line.last).to_contain_text("Chiffres" if code == "fr" else "Figures")
    assert [each.inner_text() for each in pages.get_by_role("link").all()][3:] == (
        ["Garde", "Pas compris", "Langues", "Chiffres"]
        if code == "fr"
        else ["On call", "Not understood", "Languages", "Figures"]
    )
    assert_fits(page)
    if scripts:
        assert_accessible(page)
        page.keyboard.press("Escape")
        expect(pages.get_by_role("link")).to_have_count(3)
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/console/rota$"))
    page.set_viewport_size({"width": 1280, "height": 740})
    expect(pages.get_by_role("link")).to_have_count(7)
    expect(pages.locator("summary")).to_be_hidden()


@pytest.mark.parametrize(("width", "unfolded"), [(360, False), (1280, True)])
def test_on_a_narrow_page_what_to_know_is_folded_and_warns(
    site, office, talk, signed_in, width, unfolded
):
    with site.database.write() as connection:
        conversations.change(connection, talk.id, opted_out_at=site.clock())
        write(connection, talk, "tu es là ?", site.clock())
    page = signed_in(
        office.awa,
        f"/console/conversations/{talk.id}",
        viewport={"width": width, "height": 740},
    )
    facts = page.locator("#before dl")
    expect(facts).to_be_visible() if unfolded else expect(facts).to_be_hidden()
    expect(
        page.locator("#before").get_by_text("a écrit STOP").locator("visible=true")
    ).to_have_count(1)
    expect(page.get_by_text("tu es là ?")).to_be_in_viewport()
    assert_fits(page)
    assert_accessible(page)
    if not unfolded:
        page.locator("#before summary").press("Enter")
        expect(facts).to_be_visible()
