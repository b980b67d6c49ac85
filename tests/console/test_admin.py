"""Administration: staff, structures, vocabularies and helplines, kept on pages."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from bot.db.tables import aid_kind, audit, helpline, programme, staff, structure
from bot.followup import helplines, second_step
from bot.followup.duty import duty_now
from bot.followup.sessions import CONFIRMED_FOR
from bot.followup.staff import authenticate
from bot.followup.structures import get_structure
from tests.console.site import Clock, Site
from tests.made_up import make_member, make_person, make_structure

TABLES = ("staff", "structures", "programmes", "aid-kinds", "helplines")


@pytest.fixture
def ines(site, office):
    with site.database.write() as connection:
        return make_member(connection, office.home, "administrator", "Ines")


@pytest.fixture
def visitor(site, ines):
    return site.visitor(ines, coded=True)


def _send(visitor, path, **fields):
    return visitor.submit(path, token=visitor.token("/console/account"), **fields)


def _rows(site, table):
    with site.database.read() as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def _audited(site):
    with site.database.read() as connection:
        return [
            (row.action, row.object_id)
            for row in connection.execute(select(audit).order_by(audit.c.id))
        ]


def test_the_first_page_leads_to_every_table(visitor):
    page = visitor.get("/console/admin")
    assert page.status_code == 200
    for name in TABLES:
        assert f'href="/console/admin/{name}"' in page.text
        assert visitor.get(f"/console/admin/{name}").status_code == 200
        assert visitor.get(f"/console/admin/{name}/new").status_code == 200


def test_without_a_second_step_one_is_led_to_set_it_up(site, ines):
    page = site.visitor(ines).get("/console/admin")
    assert page.url.path == "/console/account"
    assert "deuxième étape" in page.text


def test_the_code_is_asked_again_after_a_while_without_administering(site, ines):
    with site.database.write() as connection:
        secret = second_step.begin(connection, ines)
        row = connection.execute(select(staff).where(staff.c.id == ines.id)).one()
        code = pyotp.TOTP(secret).at(site.clock())
        assert second_step.take_up(connection, row, code, site.clock())
    visitor = site.visitor(ines)
    asked = visitor.get("/console/admin/helplines")
    assert asked.url.path == "/console/confirm"
    site.clock.forward(timedelta(minutes=1))
    right = pyotp.TOTP(secret).at(site.clock())
    wanted = asked.url.params["next"]
    led = _send(visitor, "/confirm", code=right, next=wanted)
    assert led.url.path == "/console/admin/helplines"
    for _ in range(3):
        site.clock.forward(CONFIRMED_FOR - timedelta(minutes=1))
        assert visitor.get("/console/admin").url.path == "/console/admin"
    site.clock.forward(CONFIRMED_FOR)
    # What was being written is taken; the next page asks.
    kept = _send(visitor, "/admin/aid-kinds/new", name="Kit", for_whom="tous", open="yes")
    assert [row.name for row in _rows(site, aid_kind)] == ["Kit"]
    assert kept.status_code == 200
    site.clock.forward(CONFIRMED_FOR)
    asked = _send(visitor, f"/admin/staff/{ines.id}/password")
    assert asked.url.path == "/console/confirm"
    assert asked.url.params["next"] == f"/console/admin/staff/{ines.id}"
    assert visitor.get("/console/admin").url.path == "/console/confirm"


def test_in_the_demo_nobody_has_a_phone_to_give_a_code(sqlite_database, wording, now):
    site = Site(sqlite_database, wording, Clock(now), demo=True)
    with site.database.write() as connection:
        ines = make_member(connection, make_structure(connection), "administrator", "Ines")
    assert site.visitor(ines).get("/console/admin").url.path == "/console/admin"


def _account(office, **changes):
    return {
        "name": "Bintou Inventée",
        "shown_name": "Bintou",
        "email": "Bintou@exemple.test",
        "role": "social_worker",
        "structure_id": str(office.home.id),
        "active": "yes",
        **changes,
    }


def test_a_new_account_gets_a_password_that_is_shown_once(site, office, visitor):
    page = _send(visitor, "/admin/staff/new", **_account(office))
    (password,) = re.findall(r"<code[^>]*>([\w-]{19})</code>", page.text)
    with site.database.write() as connection:
        member = authenticate(connection, "bintou@exemple.test", password, site.clock())
    assert member is not None
    assert (member.shown_name, member.role) == ("Bintou", "social_worker")
    assert "Bintou Inventée" in visitor.get("/console/admin/staff").text
    shown = visitor.get(f"/console/admin/staff/{member.id}").text
    assert password not in shown
    assert 'value="bintou@exemple.test"' in shown
    assert ("staff.add", str(member.id)) in _audited(site)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"email": "bintou"}, "email"),
        ({"email": "AWA@exemple.test"}, "email"),
        ({"role": "boss"}, "role"),
        ({"structure_id": "99"}, "structure_id"),
        ({"shown_name": "x" * 41}, "shown_name"),
    ],
)
def test_an_account_that_will_not_do_is_refused_beside_its_field(
    site, office, visitor, changes, field
):
    page = _send(visitor, "/admin/staff/new", **_account(office, **changes))
    assert (page.status_code, f'id="{field}-wrong"' in page.text) == (422, True)
    assert len(_rows(site, staff)) == 4
    if field != "name":
        assert 'value="Bintou Inventée"' in page.text


def test_whoever_leaves_or_changes_role_is_signed_out(site, office, visitor):
    awa = site.visitor(office.awa)
    with site.database.write() as connection:
        make_person(connection, office.home, worker_id=office.awa.id)
    fields = _account(office, name=office.awa.name, shown_name="Awa", email="awa@exemple.test")
    _send(visitor, f"/admin/staff/{office.awa.id}", **fields)
    assert awa.get("/console").url.path == "/console"
    _send(visitor, f"/admin/staff/{office.awa.id}", **{**fields, "role": "on_call"})
    assert awa.get("/console").url.path == "/console/sign-in"
    left = {name: value for name, value in fields.items() if name != "active"}
    page = _send(visitor, f"/admin/staff/{office.awa.id}", **left)
    assert re.search(r"à donner à d’autres\s:\s1", page.text)


def test_nobody_takes_away_the_own_rights(site, office, ines, visitor):
    fields = _account(office, name="Ines", shown_name="Ines", email="ines@exemple.test")
    for changes in ({"role": "supervisor"}, {"role": "administrator", "active": ""}):
        page = _send(visitor, f"/admin/staff/{ines.id}", **{**fields, **changes})
        assert page.status_code == 422
    page = _send(visitor, f"/admin/staff/{ines.id}", **{**fields, "role": "administrator"})
    assert page.status_code == 200
    assert _rows(site, staff)[-1].name == "Ines"


def test_a_lost_password_a_lost_phone_and_all_sessions(site, office, visitor):
    awa = site.visitor(office.awa)
    path = f"/admin/staff/{office.awa.id}"
    with site.database.write() as connection:
        secret = second_step.begin(connection, office.awa)
        row = connection.execute(select(staff).where(staff.c.id == office.awa.id)).one()
        code = pyotp.TOTP(secret).at(site.clock())
        second_step.take_up(connection, row, code, site.clock())
    _send(visitor, f"{path}/second-step-off")
    assert _rows(site, staff)[0].totp_since is None
    assert awa.get("/console").url.path == "/console/sign-in"
    page = _send(visitor, f"{path}/password")
    (password,) = re.findall(r"<code[^>]*>([\w-]{19})</code>", page.text)
    with site.database.write() as connection:
        assert authenticate(connection, "awa@exemple.test", password, site.clock())
    awa = site.visitor(office.awa)
    _send(visitor, f"{path}/end-sessions")
    assert awa.get("/console").url.path == "/console/sign-in"
    assert visitor.get("/console/admin").status_code == 200
    page = _send(visitor, f"{path}/link")
    assert re.search(r"<code[^>]*>\w{4} \w{4}</code>", page.text)
    assert [action for action, _ in _audited(site)] == [
        "staff.code_off",
        "staff.new_password",
        "staff.sessions_ended",
        "staff.link_code",
    ]


def _structure(**changes):
    return {
        "name": "Centre Neuf",
        "visible_name": "Infos école",
        "country": "GH",
        "timezone": "Africa/Accra",
        "duty_hours-mon-from": "08:00",
        "duty_hours-mon-to": "16:30",
        "on_call_hours-mon-from": "20:00",
        "on_call_hours-mon-to": "06:00",
        **changes,
    }


def test_a_structure_is_set_up_and_its_hours_count(site, office, visitor):
    _send(visitor, "/admin/structures/new", **_structure())
    made = _rows(site, structure)[-1]
    assert (made.name, made.country, made.duty_hours) == (
        "Centre Neuf",
        "GH",
        {"mon": ["08:00", "16:30"]},
    )
    assert made.on_call_hours == {"mon": ["20:00", "06:00"]}
    page = visitor.get(f"/console/admin/structures/{made.id}").text
    assert 'name="duty_hours-mon-to" value="16:30"' in page
    assert f"/console/structures/{made.id}/days-off" in page
    with site.database.read() as connection:
        home = get_structure(connection, office.home.id)
        assert duty_now(connection, home, site.clock()).duty == "duty"
    hours = {f"duty_hours-{day}-{end}": "" for day in ("wed",) for end in ("from", "to")}
    _send(visitor, f"/admin/structures/{office.home.id}", **_structure(name="Centre", **hours))
    with site.database.read() as connection:
        home = get_structure(connection, office.home.id)
        assert duty_now(connection, home, site.clock()).duty == "nobody"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Centre Exemple"}, "name"),
        ({"visible_name": "Projet Akoma"}, "visible_name"),
        ({"visible_name": "Protection des enfants"}, "visible_name"),
        ({"country": "XX"}, "country"),
        ({"duty_hours-mon-to": ""}, "duty_hours"),
        ({"duty_hours-mon-to": "25:00"}, "duty_hours"),
        ({"duty_hours-mon-to": "08:00"}, "duty_hours"),
    ],
)
def test_a_structure_that_will_not_do_is_refused(site, visitor, changes, field):
    page = _send(visitor, "/admin/structures/new", **_structure(**changes))
    assert (page.status_code, f'id="{field}-wrong"' in page.text) == (422, True)
    assert len(_rows(site, structure)) == 1


def _programme(office, **changes):
    return {
        "structure_id": str(office.home.id),
        "title": "Couture",
        "trade": "couture",
        "place": "Centre A",
        "town": "San Pedro",
        "starts_on": "",
        "places_left": "6",
        "minimum_age": "14",
        "open": "yes",
        **changes,
    }


def test_a_programme_is_added_changed_and_closed(site, office, visitor):
    _send(visitor, "/admin/programmes/new", **_programme(office))
    (made,) = _rows(site, programme)
    assert (made.starts_on, made.places_left, made.open) == (None, 6, True)
    closed = _programme(office, places_left="0", starts_on="2026-12-01", open="")
    _send(visitor, f"/admin/programmes/{made.id}", **closed)
    (made,) = _rows(site, programme)
    assert (f"{made.starts_on}", made.places_left, made.open) == ("2026-12-01", 0, False)
    again = _send(visitor, "/admin/programmes/new", **_programme(office))
    assert 'id="title-wrong"' in again.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"places_left": "beaucoup"}, "places_left"),
        ({"minimum_age": "8"}, "minimum_age"),
        ({"starts_on": "bientôt"}, "starts_on"),
    ],
)
def test_a_programme_that_will_not_do_is_refused(site, office, visitor, changes, field):
    page = _send(visitor, "/admin/programmes/new", **_programme(office, **changes))
    assert (page.status_code, f'id="{field}-wrong"' in page.text) == (422, True)
    assert _rows(site, programme) == []


def test_a_kind_of_aid_is_added_and_its_name_is_its_own(site, visitor):
    fields = {"name": "Kit de métier", "for_whom": "pour qui commence", "open": "yes"}
    _send(visitor, "/admin/aid-kinds/new", **fields)
    assert _send(visitor, "/admin/aid-kinds/new", **fields).status_code == 422
    (made,) = _rows(site, aid_kind)
    _send(visitor, f"/admin/aid-kinds/{made.id}", name="Kit", for_whom="tous")
    (made,) = _rows(site, aid_kind)
    assert (made.name, made.open) == ("Kit", False)


def test_what_staff_add_carries_its_own_translations(site, visitor):
    fields = {"name": "Kit de métier", "for_whom": "pour qui commence", "open": "yes"}
    words = {"name_in-en": " Tool kit ", "name_in-ak": "", "for_whom_in-dyu": "baara kama"}
    _send(visitor, "/admin/aid-kinds/new", **fields, **words)
    (made,) = _rows(site, aid_kind)
    assert (made.name_in, made.for_whom_in) == ({"en": "Tool kit"}, {"dyu": "baara kama"})

    page = visitor.get(f"/console/admin/aid-kinds/{made.id}").text
    assert re.search(r'name="name_in-en" lang="en" value="Tool kit"', page)
    assert "name_in-fr" not in page
    long = {"name_in-mos": "x" * 61}
    refused = _send(visitor, f"/admin/aid-kinds/{made.id}", **fields, **long)
    assert (refused.status_code, 'id="name_in-wrong"' in refused.text) == (422, True)

    _send(visitor, f"/admin/aid-kinds/{made.id}", **fields)
    (made,) = _rows(site, aid_kind)
    assert made.name_in is None


def test_a_helpline_warns_until_it_was_dialled_and_tells_who_changed_its_number(site, visitor):
    with site.database.write() as connection:
        helplines.seed(connection)
        (line, *_rest) = helplines.for_country(connection, "CI")
    path = f"/admin/helplines/{line.id}"
    many = visitor.get("/console/admin/helplines").text.count("pas vérifiée depuis")
    assert many == len(_rows(site, helpline))
    assert "À regarder" in visitor.get("/console/admin").text
    page = _send(visitor, f"{path}/verified")
    assert page.text.count("pas vérifiée depuis") == many - 1
    fields = {
        "number": "117",
        "country": "CI",
        "audience": "child",
        "categories-violence": "yes",
        "free": "yes",
        "hours": "",
        "language": "fr",
        "source": "appel d’essai",
        "last_verified": "2026-11-25",
        "active": "yes",
    }
    _send(visitor, path, **fields)
    assert "116 → 117" in visitor.get(f"/console{path}").text
    with site.database.read() as connection:
        changed = helplines.get_helpline(connection, line.id)
    assert (changed.number, changed.categories) == ("117", ["violence"])
    assert _audited(site) == [
        ("helplines.verified", str(line.id)),
        ("helplines.change", str(line.id)),
    ]
    for changes in ({"number": "cent-seize"}, {"last_verified": "2027-01-01"}, {"number": "1308",
                    "audience": "adult"}):  # fmt: skip
        assert _send(visitor, path, **{**fields, **changes}).status_code == 422


def test_nobody_else_administers_and_nothing_is_there_by_another_number(site, office, visitor):
    with site.database.write() as connection:
        clarisse = make_member(connection, office.home, "supervisor", "Clarisse")
    for name in TABLES:
        assert visitor.get(f"/console/admin/{name}/999").status_code == 404
        for member in (office.awa, clarisse):
            other = site.visitor(member, coded=True)
            assert other.get(f"/console/admin/{name}").status_code == 404
            assert _send(other, f"/admin/{name}/new", name="x").status_code == 404
    with site.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(audit)).scalar_one() == 0
