"""A result typed by hand on the page of its hypothesis, and the same over REST."""

from typing import Any

import pytest
from django.test import Client

from experiments.models import Result
from tests import make
from touchpoints import hypotheses
from touchpoints.models import Hypothesis
from workspaces.models import Membership

COUNTS = {"control_converted": "89", "control_total": "149", "treatment_converted": "110", "treatment_total": "149"}
JSON = {"content_type": "application/json"}


@pytest.fixture
def hypothesis(workspace: Any, editor: Membership) -> Hypothesis:
    return hypotheses.add_hypothesis(
        make.journey_map(),
        "Личная настройка",
        by=editor,
        owner=editor,
        metric="Активация",
        expected_lift=0.15,
        verification_method="ab_test",
        baseline=0.6,
    )


@pytest.fixture
def url(hypothesis: Hypothesis) -> str:
    return f"/w/acme/hypotheses/{hypothesis.pk}/results/"


def test_it_works(as_bob: Client, url: str) -> None:
    assert "нужно по 152" in as_bob.get(f"{url}new/").content.decode()
    money = {"people_a_month": "250", "value_of_one": "50000"}
    answer = as_bob.post(f"{url}new/", COUNTS | money | {"note": "Внедрить"})
    assert answer.status_code == 302
    row = Hypothesis.objects.get()
    assert (row.status, row.verdict, row.reason) == ("verified", "confirmed", "Внедрить")
    shown = as_bob.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "+14,1\u00a0п.п." in shown
    assert "[3,4; 24,4]" in shown
    assert "<html" not in shown
    assert "<html" in as_bob.get(url).content.decode()


def test_a_guardrail_is_whole_or_empty(as_bob: Client, url: str) -> None:
    answer = as_bob.post(f"{url}new/", COUNTS | {"guardrail0-name": "Возвраты"})
    assert answer.status_code == 400
    assert "целиком" in answer.content.decode()
    whole = {
        "guardrail0-name": "Обращения",
        "guardrail0-margin": "10",
        "guardrail0-control_converted": "60",
        "guardrail0-control_total": "149",
        "guardrail0-treatment_converted": "64",
        "guardrail0-treatment_total": "149",
    }
    assert as_bob.post(f"{url}new/", COUNTS | whole).status_code == 302
    assert Hypothesis.objects.get().is_guardrail_breached is True
    assert "не исключён" in as_bob.get(url).content.decode()


def test_more_conversions_than_people_are_refused(as_bob: Client, url: str) -> None:
    answer = as_bob.post(f"{url}new/", COUNTS | {"control_converted": "150"})
    assert answer.status_code == 400
    assert Result.objects.count() == 0


def test_a_withdrawn_result_leaves_the_map(as_bob: Client, url: str) -> None:
    as_bob.post(f"{url}new/", COUNTS)
    assert as_bob.post(f"{url}{Result.objects.get().pk}/withdraw/").status_code == 302
    row = Hypothesis.objects.get()
    assert (row.status, row.effect, row.verdict) == ("in_progress", None, "")


def test_a_reader_sees_and_does_not_type(as_charlie: Client, url: str) -> None:
    assert as_charlie.get(url).status_code == 200
    assert as_charlie.post(f"{url}new/", COUNTS).status_code == 403


def test_a_stranger_finds_nothing(as_mallory: Client, url: str) -> None:
    assert as_mallory.get(url.replace("acme", "foreign")).status_code == 404


def test_over_rest(api: Client, hypothesis: Hypothesis) -> None:
    body = {
        "hypothesis": str(hypothesis.pk),
        "control": [89, 149],
        "treatment": [110, 149],
        "guardrails": [{"name": "Возвраты", "margin": 0.05, "control": [12, 149], "treatment": [9, 149]}],
    }
    row = api.post("/api/v1/results/", body, **JSON).json()
    assert (row["verdict"], row["control"], row["guardrails"][0]["is_breached"]) == ("confirmed", [89, 149], False)
    found = api.get("/api/v1/results/", {"hypothesis": hypothesis.pk}).json()["results"]
    assert found == [row]
    wrong = api.patch(f"/api/v1/results/{row['id']}/", {"control": [1, 2]}, **JSON)
    assert (wrong.status_code, list(wrong.json()["errors"])) == (400, ["control"])
    assert api.patch(f"/api/v1/results/{row['id']}/", {"note": "Ок"}, **JSON).json()["note"] == "Ок"
    assert api.delete(f"/api/v1/results/{row['id']}/").status_code == 204
    assert Hypothesis.objects.get().status == "in_progress"


@pytest.mark.parametrize(("field", "value"), [("control", [5]), ("control", [3, 2]), ("treatment", "x"), ("alpha", 2)])
def test_bad_counts_name_their_field(api: Client, hypothesis: Hypothesis, field: str, value: Any) -> None:
    body = {"hypothesis": str(hypothesis.pk), "control": [1, 2], "treatment": [1, 2], field: value}
    answer = api.post("/api/v1/results/", body, **JSON)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
