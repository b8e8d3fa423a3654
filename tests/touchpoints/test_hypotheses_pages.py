"""The board of hypotheses, one hypothesis, its form and the decisions, as a member meets them."""

from typing import Any

import pytest
from django.test import Client

from journeys.models import JourneyMap, Metric, Stage
from tests import make
from touchpoints import editing, hypotheses
from touchpoints.models import Hypothesis, PainPoint
from workspaces.models import Membership

URL = "/w/acme/hypotheses/"


@pytest.fixture
def map(workspace: Any) -> JourneyMap:
    return make.journey_map("B2B SaaS CRM")


@pytest.fixture
def pain(map: JourneyMap, editor: Membership) -> PainPoint:
    return editing.add_pain(Stage.objects.filter(map=map).order_by("rank").first(), "Много настроек", by=editor)


@pytest.fixture
def hypothesis(map: JourneyMap, pain: PainPoint, editor: Membership) -> Hypothesis:
    return hypotheses.add_hypothesis(
        map,
        "Личная настройка",
        by=editor,
        owner=editor,
        metric="Активация",
        expected_lift=0.15,
        verification_method="ab_test",
        pain=pain,
        baseline=0.6,
    )


def said(owner: Membership, **more: Any) -> dict[str, Any]:
    body = {
        "statement": "Урок на сделках клиента",
        "metric_name": "Активация",
        "expected_lift": "8",
        "lift_kind": "points",
        "verification_method": "ab_test",
        "owner": str(owner.pk),
        "complexity": "low",
    }
    return body | more


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def test_it_works(as_bob: Client, map: JourneyMap, pain: PainPoint, editor: Membership) -> None:
    form = page(as_bob, f"{URL}new/?pain={pain.pk}")
    assert f'<option value="{pain.pk}" selected>' in form
    answer = as_bob.post(f"{URL}new/?map={map.pk}", said(editor, pain=str(pain.pk)))
    row = Hypothesis.objects.get()
    assert (answer.status_code, answer.url) == (302, f"{URL}{row.pk}/")
    assert (row.expected_lift, row.stage, row.metric.name) == (0.08, pain.stage, "Активация")
    shown = page(as_bob, answer.url)
    assert "+8\u00a0п.п." in shown
    assert "Много настроек" in shown


def test_an_empty_board_says_what_to_do(as_bob: Client, map: JourneyMap) -> None:
    assert f'href="{URL}new/"' in page(as_bob, URL)


def test_without_a_map_the_form_leads_to_the_maps(as_bob: Client, workspace: Any) -> None:
    assert 'href="/w/acme/"' in page(as_bob, f"{URL}new/")


def test_no_metric_no_hypothesis(as_bob: Client, map: JourneyMap, editor: Membership) -> None:
    answer = as_bob.post(f"{URL}new/?map={map.pk}", said(editor, metric_name=" "))
    assert answer.status_code == 400
    assert "Нет метрики — нет гипотезы" in answer.content.decode()
    assert Hypothesis.objects.count() == 0


def test_a_reader_reads_and_does_not_write(as_charlie: Client, hypothesis: Hypothesis, editor: Membership) -> None:
    shown = page(as_charlie, f"{URL}{hypothesis.pk}/")
    assert "Личная настройка" in shown
    assert "<textarea" not in shown
    for path in ("new/", f"{hypothesis.pk}/edit/", f"{hypothesis.pk}/move/", f"{hypothesis.pk}/delete/"):
        assert as_charlie.post(URL + path, said(editor)).status_code == 403


def test_a_stranger_finds_nothing(as_mallory: Client, hypothesis: Hypothesis) -> None:
    assert as_mallory.get(f"{URL}{hypothesis.pk}/").status_code == 404
    assert as_mallory.get(f"/w/foreign/hypotheses/{hypothesis.pk}/").status_code == 404
    assert as_mallory.get(f"/w/foreign/hypotheses/new/?pain={hypothesis.pain_id}").status_code == 404


def test_a_refused_decision_keeps_what_was_typed(as_bob: Client, hypothesis: Hypothesis) -> None:
    answer = as_bob.post(f"{URL}{hypothesis.pk}/move/", {"status": "implemented", "reason": "Так решили"})
    assert answer.status_code == 409
    assert "Так решили</textarea>" in answer.content.decode()
    assert as_bob.post(f"{URL}{hypothesis.pk}/move/", {"status": "gone"}).status_code == 400


def test_a_rejected_one_shows_its_reason(as_bob: Client, hypothesis: Hypothesis) -> None:
    answer = as_bob.post(f"{URL}{hypothesis.pk}/move/", {"status": "rejected", "reason": "Снято по этике"})
    assert answer.status_code == 302
    assert "Снято по этике" in page(as_bob, URL)


def test_editing_changes_words_and_lift(as_bob: Client, hypothesis: Hypothesis, editor: Membership, owner: Membership) -> None:
    form = page(as_bob, f"{URL}{hypothesis.pk}/edit/")
    assert 'name="expected_lift" value="15.0"' in form or 'value="15,0"' in form
    metric = Metric.objects.get()
    body = said(owner, metric=str(metric.pk), metric_name="", lift_kind="relative", expected_lift="5", baseline="60")
    assert as_bob.post(f"{URL}{hypothesis.pk}/edit/", body | {"revision": "1"}).status_code == 302
    row = Hypothesis.objects.get()
    assert (row.statement, row.expected_lift, row.lift_kind, row.owner, row.pain) == (
        "Урок на сделках клиента", 0.05, "relative", owner, None,
    )  # fmt: skip
    stale = as_bob.post(f"{URL}{hypothesis.pk}/edit/", body | {"revision": "1"} | {"statement": "Старое"})
    assert stale.status_code == 409
    assert Hypothesis.objects.get().statement == "Урок на сделках клиента"


def test_a_deleted_one_leaves_the_board(as_bob: Client, hypothesis: Hypothesis) -> None:
    assert as_bob.post(f"{URL}{hypothesis.pk}/delete/").status_code == 302
    assert as_bob.get(f"{URL}{hypothesis.pk}/").status_code == 404
    assert "Личная настройка" not in page(as_bob, URL)


def test_the_board_narrows_to_a_map_and_a_stage(as_bob: Client, hypothesis: Hypothesis, map: JourneyMap) -> None:
    other = make.journey_map("Другая")
    assert "Личная настройка" not in page(as_bob, f"{URL}?map={other.pk}")
    assert "Личная настройка" in page(as_bob, f"{URL}?map={map.pk}&stage={hypothesis.stage_id}&sort=new")
    last = Stage.objects.filter(map=map).order_by("-rank").first()
    assert "Личная настройка" not in page(as_bob, f"{URL}?map={map.pk}&stage={last.pk}")


def test_english_speaks_english(as_bob: Client, bob: Any, hypothesis: Hypothesis) -> None:
    bob.language = "en"
    bob.save()
    shown = page(as_bob, f"{URL}{hypothesis.pk}/")
    assert "+15\u00a0pp" in shown
    assert "Stopping" not in shown
    assert "Way to verify" in shown


def test_the_board_takes_the_same_queries_whatever_its_size(
    as_bob: Client, hypothesis: Hypothesis, editor: Membership, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        page(as_bob, URL)
    for number in range(12):
        hypotheses.add_hypothesis(
            hypothesis.map,
            f"Ещё {number}",
            by=editor,
            owner=editor,
            metric="Активация",
            expected_lift=0.01,
            verification_method="survey",
        )
    with django_assert_num_queries(len(few)):
        page(as_bob, URL)
