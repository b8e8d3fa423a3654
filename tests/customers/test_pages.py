"""Pages of customers, segments, imports and rejected touches."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from automations import folding
from cjm.lib import clock
from customers import listing
from customers.models import Customer, RejectedTouch, Segment, Touch
from tests import make
from tests.customers.sending import NOW, post, touch
from workspaces.models import Workspace

BASE = "/w/acme"


@pytest.fixture(autouse=True)
def standing_clock() -> None:
    clock.install(lambda: NOW)


@pytest.fixture(autouse=True)
def english(as_alice: Client, as_charlie: Client) -> None:
    for client in (as_alice, as_charlie):
        client.cookies["language"] = "en"


def moment(days: int) -> str:
    return (NOW - timedelta(days=days)).isoformat()


@pytest.fixture
def people(api: Client, workspace: Workspace) -> None:
    make.journey_map(stages=("Осознание", "Решение", "Покупка"))
    anna = {"name": "Анна", "email": "anna@x.example", "attrs": {"plan": "pro"}}
    answer = {"metric": "csat", "value": 4, "comment": "Хорошо"}
    post(
        api,
        touch("a1", "anna", event="stage-1", occurred_at=moment(60), identify=anna),
        touch("a2", "anna", event="stage-2", occurred_at=moment(40), channel="email"),
        touch("a3", "anna", event="stage-1", occurred_at=moment(30)),
        touch("a4", "anna", event="csat_answered", occurred_at=moment(20), score=answer),
        touch("b1", "boris", event="stage-1", occurred_at=moment(5), identify={"name": "Борис"}),
        touch("n1", None, anonymous_id="browser-1", event="page_viewed", occurred_at=moment(1)),
    )  # fmt: skip
    folding.fold_all(workspace.pk)


def text(client: Client, address: str, **query: Any) -> str:
    response = client.get(BASE + address, query)
    assert response.status_code == 200, response.content[:500]
    return response.content.decode()


def test_the_list_shows_everybody_with_stage_and_touches(as_charlie: Client, people: None) -> None:
    page = text(as_charlie, "/customers/")
    assert page.index("Visitor browser-1") < page.index("Борис") < page.index("Анна")
    assert "anna@x.example" in page


@pytest.mark.parametrize(("word", "found"), [("анна", ["Анна"]), ("BORIS", ["Борис"]), ("@x.ex", ["Анна"]), ("nobody", [])])
def test_it_is_searched_whatever_the_case(as_charlie: Client, people: None, word: str, found: list[str]) -> None:
    page = text(as_charlie, "/customers/", q=word)
    assert [name for name in ("Анна", "Борис") if name in page] == found


def test_it_is_narrowed_to_a_stage_and_a_segment(as_charlie: Client, people: None) -> None:
    from journeys.models import Stage

    stage = Stage.objects.get(name="Осознание")
    page = text(as_charlie, "/customers/", stage=stage.pk)
    assert "Анна" in page and "Борис" in page and "browser-1" not in page
    rule = {"field": "customer.attrs.plan", "op": "eq", "value": "pro"}
    page = text(as_charlie, "/customers/", segment=Segment.objects.create(name="Pro", rule=rule).pk)
    assert "Анна" in page and "Борис" not in page


def test_a_list_behind_a_number_shows_its_customers_in_its_order(as_charlie: Client, people: None) -> None:
    listing.install_report_lists(lambda report, name: listing.NamedList("Dropped after Decision", ["boris", "anna"]))
    page = text(as_charlie, "/customers/", report="0193b7f0-0000-7000-8000-000000000000", list="dropped.1")
    assert "Dropped after Decision" in page
    assert page.index("Борис") < page.index("Анна")
    assert "browser-1" not in page


@pytest.mark.parametrize("query", ["stage=x", "segment=x", "report=x", "report=0193b7f0-0000-7000-8000-000000000000"])
def test_a_filter_that_leads_nowhere_is_a_404(as_charlie: Client, people: None, query: str) -> None:
    listing._report_lists.clear()
    assert as_charlie.get(f"{BASE}/customers/?{query}").status_code == 404


def test_pages_follow_each_other_without_gaps(as_charlie: Client, api: Client) -> None:
    post(api, *[touch(f"m{number}", f"c{number:03}", occurred_at=moment(1)) for number in range(120)])
    seen: list[str] = []
    address: str | None = f"{BASE}/customers/"
    while address:
        page = as_charlie.get(address)
        seen += [line.customer.external_id for line in page.context["found"].lines]
        cursor = page.context["found"].next
        address = f"{BASE}/customers/?cursor={cursor}" if cursor else None
    assert sorted(seen) == [f"c{number:03}" for number in range(120)]


def test_the_list_takes_the_same_number_of_queries_whatever_its_length(as_charlie: Client, api: Client) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (2, 40):
        post(api, *[touch(f"{size}-{number}", f"{size}-{number}") for number in range(size)])
        with CaptureQueriesContext(connection) as seen:
            text(as_charlie, "/customers/")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 20


def test_the_list_is_exported_with_formulas_defused(as_charlie: Client, api: Client, people: None) -> None:
    post(api, touch("f1", "=cmd()", identify={"name": "+1"}))
    response = as_charlie.get(f"{BASE}/customers/?format=csv")
    sheet = response.content.decode("utf-8-sig")
    assert response.headers["Content-Type"].startswith("text/csv")
    assert "'=cmd(),'+1" in sheet
    assert "anna,Анна,anna@x.example" in sheet


def test_the_card_shows_the_way_of_one_customer(as_charlie: Client, people: None) -> None:
    page = text(as_charlie, "/customers/anna/")
    assert "Stage: Осознание" in page
    assert "1 return" in page
    assert "First touch" in page
    assert "“Хорошо”" in page
    assert "Engagement" in page and "+" in page
    assert 'aria-current="step"' in page
    assert page.count('<li class="jump">') == 1


def test_the_card_of_a_long_history_is_paged_and_takes_constant_queries(
    as_charlie: Client, api: Client, workspace: Workspace
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    post(api, *[touch(f"m{number}", "few", occurred_at=moment(number % 300)) for number in range(3)])
    post(api, *[touch(f"l{number}", "long", occurred_at=moment(number % 300), event=f"e{number}") for number in range(230)])
    counts = []
    for name in ("few", "long"):
        with CaptureQueriesContext(connection) as seen:
            page = as_charlie.get(f"{BASE}/customers/{name}/?show=all")
        counts.append(len(seen))
    assert counts[0] == counts[1]
    seen_touches = []
    while True:
        timeline = page.context["card"].timeline
        seen_touches += [entry.touch.touch_id for _month, entries in timeline.months for entry in entries]
        if not timeline.next:
            break
        page = as_charlie.get(f"{BASE}/customers/long/", {"show": "all", "before": timeline.next}, headers={"HX-Request": "true"})
        assert b"<html" not in page.content
    assert len(seen_touches) == len(set(seen_touches)) == 230


def test_a_merged_customer_s_old_address_leads_to_the_new_one(as_charlie: Client, api: Client, people: None) -> None:
    api.post("/api/v1/customers/merge/", {"source": "boris", "target": "anna"}, content_type="application/json")
    assert "Анна" in text(as_charlie, "/customers/boris/")


def test_an_erased_or_unknown_customer_is_a_404(as_charlie: Client, api: Client, people: None) -> None:
    api.delete("/api/v1/customers/boris/")
    assert as_charlie.get(f"{BASE}/customers/boris/").status_code == 404
    assert as_charlie.get(f"{BASE}/customers/nobody/").status_code == 404


@pytest.mark.parametrize("address", ["customers/", "customers/anna/", "segments/", "imports/", "imports/rejected/"])
def test_a_stranger_sees_none_of_it(as_mallory: Client, people: None, address: str) -> None:
    assert as_mallory.get(f"{BASE}/{address}").status_code == 404
    response = as_mallory.get(f"/w/foreign/{address}")
    assert "Анна" not in response.content.decode()


def test_a_segment_is_made_counted_and_deleted(as_alice: Client, people: None) -> None:
    form = {"name": "Pro", "subject": "customer.attrs", "key": "plan", "operator": "eq", "value": "pro"}
    assert as_alice.post(f"{BASE}/segments/", form).status_code == 302
    row = Segment.objects.get()
    assert "Pro" in text(as_alice, "/segments/")
    assert ">1<" in text(as_alice, f"/segments/{row.pk}/size/").replace("\n", "")
    assert as_alice.post(f"{BASE}/segments/{row.pk}/delete/").status_code == 302
    assert "No segments yet" in text(as_alice, "/segments/")


def test_a_segment_without_its_attribute_is_refused_with_a_sentence(as_alice: Client, workspace: Workspace) -> None:
    form = {"name": "Pro", "subject": "customer.attrs", "key": "", "operator": "gt", "value": "much"}
    response = as_alice.post(f"{BASE}/segments/", form)
    assert response.status_code == 400
    assert "Name the attribute." in response.content.decode()
    assert "Give a number to compare with." in response.content.decode()


def test_a_reader_makes_no_segment(as_charlie: Client, workspace: Workspace) -> None:
    form = {"name": "Pro", "subject": "customer.name", "operator": "exists"}
    assert as_charlie.post(f"{BASE}/segments/", form).status_code == 403
    assert "New segment" not in text(as_charlie, "/segments/")


def test_a_rejected_touch_is_shown_and_tried_again(as_alice: Client, api: Client, workspace: Workspace) -> None:
    post(api, touch("late", "c1", occurred_at=(NOW + timedelta(days=2)).isoformat()))
    page = text(as_alice, "/imports/rejected/")
    assert "invalid_time" in page
    row = RejectedTouch.objects.get()
    again = as_alice.post(f"{BASE}/imports/rejected/{row.pk}/replay/", follow=True).content.decode()
    assert "rejected again" in again and not Touch.objects.exists()
    clock.install(lambda: NOW + timedelta(days=2))
    assert "The touch is recorded." in as_alice.post(f"{BASE}/imports/rejected/{row.pk}/replay/", follow=True).content.decode()
    assert Touch.objects.get().touch_id == "late"
    assert as_alice.post(f"{BASE}/imports/rejected/{row.pk}/replay/").status_code == 409
    assert "Nothing was rejected" in text(as_alice, "/imports/rejected/")


def test_the_pages_are_in_russian_for_a_russian(as_charlie: Client, people: None) -> None:
    as_charlie.cookies["language"] = "ru"
    page = text(as_charlie, "/customers/anna/")
    assert "Вовлечённость" in page and "Этап: Осознание" in page
    with translation.override("ru"):
        assert "Клиенты" in text(as_charlie, "/customers/")
    assert Customer.objects.filter(is_anonymous=True).exists()
