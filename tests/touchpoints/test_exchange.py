"""A map as a document and back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analytics.models import MetricPlacement
from cjm.lib.refusals import Refusal
from journeys.models import JourneyMap, Lane, MapPersona, Metric, Stage, Step, StepLink
from tests import make
from touchpoints import editing
from touchpoints.exchange import export_map, import_map
from touchpoints.models import Channel, Hypothesis, PainPoint, Touchpoint, TouchpointPlacement
from workspaces import changes, tenancy
from workspaces.models import Change, Membership, Translation, Workspace

TEXT = st.text(st.characters(blacklist_characters="\x00", blacklist_categories=("Cs",)), min_size=1, max_size=40)
BARE: dict[str, Any] = {"format": "cjm.map", "version": 1, "map": {"title": "Карта"}}


@pytest.fixture
def full(editor: Membership) -> JourneyMap:
    """A map with something of everything but a review."""
    map = make.journey_map("B2B", owner=editor, average_cheque=Decimal("8000.00"))
    MapPersona.objects.create(map=map, persona=make.persona(goals=["Порядок"], traits=[{"name": "Осторожность", "value": 60}]))
    stage, other, _third = Stage.objects.filter(map=map).order_by("rank")
    first, second = (Step.objects.create(stage=stage, title=title, rank=rank) for title, rank in (("Шаг", "a"), ("Ещё", "b")))
    StepLink.objects.create(from_step=first, to_step=second, kind="loop")
    lane = Lane.objects.get(map=map, kind="actions")
    editing.add_card(lane, stage, "Вторая", by=editor)
    editing.add_card(lane, stage, "Первая", by=editor, position=0)
    site = Touchpoint.objects.create(name="Сайт", channel=Channel.objects.create(name="Сайт", code="website"))
    placement = editing.add_placement(stage, site, by=editor, expectations=["Ясность"], owner=editor, step=first)
    editing.add_emotion(stage, Decimal("1.5"), by=editor, labels=["enthusiasm"], placement=placement)
    editing.add_emotion(stage, Decimal("-2"), by=editor, labels=["frustration"])
    pain = editing.add_pain(other, "Долго", by=editor, monthly_loss=Decimal("400000"), hole={"sessions": 10000})
    editing.add_quote(pain, "Мы ждали две недели", by=editor, source="Интервью 4")
    opportunity = editing.add_opportunity(other, "Как ответить быстрее?", by=editor, pain=pain)
    top = Metric.objects.create(name="Активация", query="ratio", parameters={"event": "a", "to_event": "b"})
    metric = Metric.objects.create(name="Ответ за час", unit="%", parent=top)
    MetricPlacement.objects.create(metric=metric, stage=stage, placement=placement, rank="a")
    Hypothesis.objects.create(
        statement="Если отвечать за час, то…", map=map, stage=other, pain=pain, opportunity=opportunity, owner=editor,
        metric=metric, expected_lift=5, verification_method="ab_test",
    )  # fmt: skip
    Translation.objects.create(subject_kind="journeys.stage", subject_id=stage.pk, field="name", language="en", text="Awareness")
    return map


def test_it_gives_the_same_map(full: JourneyMap, editor: Membership) -> None:
    document = export_map(full)
    copy = import_map(document, by=editor)
    assert copy.pk != full.pk
    assert export_map(copy) == document


def test_everything_is_in_the_document(full: JourneyMap) -> None:
    document = export_map(full)
    assert {name for name, value in document.items() if value == []} == {"reviews"}
    assert document["stages"][0]["targets"] == [
        {"key": "tg1", "name": "", "event": "stage-1", "where": None, "window_days": None}
    ]
    assert [card["text"] for card in document["cards"]] == ["Первая", "Вторая"]
    assert [point["labels"] for point in document["emotion_points"]] == [["enthusiasm"], ["frustration"]]
    assert document["map"]["owner"] == "bob@example.test"
    assert [metric["name"] for metric in document["metrics"]] == ["Активация", "Ответ за час"]


def test_the_same_map_arises_in_another_workspace(full: JourneyMap, mallory: Any) -> None:
    document = export_map(full)
    elsewhere = Workspace.objects.get(slug="foreign")
    stranger = Membership.objects.get(workspace=elsewhere)
    with tenancy.writing(elsewhere.pk):
        copy = import_map(document, by=stranger, title="Наша")
        again = export_map(copy)
        hypothesis = Hypothesis.objects.get(map=copy)
    assert copy.title == "Наша"
    assert hypothesis.owner == stranger
    assert again["map"] | {"title": "B2B"} == document["map"] | {"owner": None}
    for name in (
        "stages",
        "lanes",
        "cards",
        "emotion_points",
        "pain_points",
        "evidence",
        "personas",
        "metrics",
        "metric_placements",
        "translations",
    ):
        assert again[name] == document[name]


def test_the_library_is_used_again(full: JourneyMap, editor: Membership) -> None:
    import_map(export_map(full), by=editor)
    assert Touchpoint.objects.count() == 1
    assert TouchpointPlacement.objects.count() == 2
    assert Metric.objects.count() == 2


def test_it_is_one_change_that_undo_leaves_alone(full: JourneyMap, editor: Membership) -> None:
    copy = import_map(export_map(full), by=editor)
    change = Change.objects.get(subject_id=copy.pk)
    assert (change.deed, change.version, change.by) == ("map.imported", 1, editor)
    assert changes.undoable(copy, by=editor) is None


def test_deleted_parts_stay_out(full: JourneyMap, editor: Membership) -> None:
    editing.delete_stage(Stage.objects.get(map=full, name="Решение"), by=editor)
    document = export_map(full)
    assert [stage["name"] for stage in document["stages"]] == ["Осознание", "Покупка"]
    assert document["pain_points"] == document["opportunities"] == document["evidence"] == []
    assert document["hypotheses"][0]["stage"] is None
    assert export_map(import_map(document, by=editor)) == document


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"format": "xlsx"}, None),
        ({"map": {}}, "map.title"),
        ({"map": {"title": "К", "colour": "red"}}, "map.colour"),
        ({"map": {"title": "К", "kind": "process"}}, "map.kind"),
        ({"map": {"title": "К" * 201}}, "map.title"),
        ({"map": {"title": "К", "average_cheque": "many"}}, "map.average_cheque"),
        ({"map": {"title": "К", "last_deep_review_at": "2026-01-01T00:00:00"}}, "map.last_deep_review_at"),
        ({"map": {"title": "К", "owner": 5}}, "map.owner"),
        ({"widgets": []}, "widgets"),
        ({"stages": {}}, "stages"),
        ({"stages": [{"canonical": "usage"}]}, "stages.0.name"),
        ({"stages": [{"key": "a", "name": "А"}, {"key": "a", "name": "Б"}]}, "key"),
        ({"stages": [{"name": "А", "conversion_benchmark": 7}]}, "stages.0.conversion_benchmark"),
        ({"stages": [{"name": "А", "targets": [{"event": "x", "where": {"op": "?"}}]}]}, None),
        ({"stages": [{"name": "А\x00"}]}, "stages.0.name"),
        ({"emotion_points": [{"valence": "1"}]}, "emotion_points.0.stage"),
        ({"stages": [{"key": "s", "name": "А"}], "emotion_points": [{"stage": "s", "valence": "3"}]}, "emotion_points.0.valence"),
        (
            {"stages": [{"key": "s", "name": "А"}], "pain_points": [{"stage": "s", "title": "Б", "severity": 9}]},
            "pain_points.0.severity",
        ),
        ({"cards": [{"lane": "l", "stage": "s", "text": "…"}]}, "cards.0.lane"),
        ({"translations": [{"subject": "q", "field": "name", "language": "en", "text": "A"}]}, "translations.0.subject"),
    ],
)
def test_a_fault_is_named_by_its_place(editor: Membership, change: dict[str, Any], path: str | None) -> None:
    with pytest.raises(Refusal) as refusal:
        import_map({**BARE, **change}, by=editor)
    if path:
        assert list(refusal.value.errors or {}) == [path]
    assert not JourneyMap.objects.exists()


def test_a_bare_document_is_a_map(editor: Membership) -> None:
    map = import_map(BARE, by=editor, language="en")
    assert (map.title, map.language, map.version) == ("Карта", "en", 1)


@st.composite
def documents(draw: Any) -> dict[str, Any]:
    """A random map: stages and lanes with cards, touchpoints, points, pains and guesses over them."""
    stages = [f"s{n}" for n in range(draw(st.integers(1, 4)))]
    lanes = [f"l{n}" for n in range(draw(st.integers(1, 4)))]
    one = {name: st.sampled_from(keys) for name, keys in (("stage", stages), ("lane", lanes))}
    texts = st.lists(TEXT, max_size=3)

    def rows(letter: str, **fields: Any) -> list[dict[str, Any]]:
        found = draw(st.lists(st.fixed_dictionaries(fields), max_size=5))
        return [{"key": f"{letter}{number}", **row} for number, row in enumerate(found)]

    touchpoints = [{"key": "t", "name": draw(TEXT)}, {"key": "t'", "name": draw(TEXT), "control": "none"}]
    placements = rows(
        "tp",
        touchpoint=st.sampled_from(["t", "t'"]),
        stage=one["stage"],
        expectations=texts,
        barriers=texts,
        customer_thought=TEXT,
    )
    pains = rows("b", stage=one["stage"], title=TEXT, severity=st.integers(1, 5), hole=st.dictionaries(TEXT, st.integers()))
    guesses = rows(
        "h", statement=TEXT, metric=st.just("m"), expected_lift=st.floats(-100, 100), verification_method=st.just("survey"),
        stage=st.none() | one["stage"], pain=st.sampled_from([None, *(pain["key"] for pain in pains)]),
    )  # fmt: skip
    return {
        **BARE,
        "map": {"title": draw(TEXT), "kind": draw(st.sampled_from(JourneyMap.Kind.values)), "scenario": draw(TEXT)},
        "metrics": [{"key": "m", "name": draw(TEXT)}],
        "stages": [
            {"key": key, "name": draw(TEXT), "targets": [{"event": draw(TEXT)}], "subtitle": draw(TEXT)} for key in stages
        ],
        "lanes": [{"key": key, "kind": draw(st.sampled_from(Lane.Kind.values))} for key in lanes],
        "touchpoints": touchpoints,
        "placements": placements,
        "emotion_points": rows("e", stage=one["stage"], valence=st.integers(-20, 20).map(lambda n: str(n / 10)), labels=texts),
        "pain_points": pains,
        "opportunities": rows("o", stage=one["stage"], how_might_we=TEXT, effort=st.integers(0, 5)),
        "hypotheses": guesses,
        "cards": rows("k", lane=one["lane"], stage=one["stage"], text=TEXT, span=st.integers(1, 3)),
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents())
def test_random_maps_come_back_the_same(editor: Membership, document: dict[str, Any]) -> None:
    map = import_map(document, by=editor)
    written = export_map(map)
    assert [card["text"] for card in written["cards"]] == [
        card["text"] for lane in document["lanes"] for stage in document["stages"]
        for card in document["cards"] if (card["lane"], card["stage"]) == (lane["key"], stage["key"])
    ]  # fmt: skip
    assert export_map(import_map(written, by=editor)) == written
    assert PainPoint.objects.filter(stage__map=map).count() == len(document["pain_points"])
