"""The demo through its doors: what is there at once, what the workers bring, one pain's whole chain, and its end."""

from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import Client

from automations.folding import fold_all
from cjm import demo
from cjm.demo.ending import finish
from cjm.lib.clock import now
from customers.import_work import work_on
from customers.models import Customer, Import, StageVisit, Touch
from journeys.models import JourneyMap
from tests import make
from touchpoints.models import Hypothesis, PainPoint
from workspaces import tenancy
from workspaces.models import Membership, User, Workspace
from workspaces.tenancy import TenantModel

pytestmark = pytest.mark.django_db(transaction=True)
SCREEN = (0.096, 0.316, 0.208, 0.60, 0.83, 0.252)


@pytest.fixture
def place() -> Workspace:
    return demo.start(base_now=now(), customers=600, first=400, with_shop=False)


@pytest.fixture
def as_maria(place: Workspace) -> Client:
    client = Client()
    client.force_login(User.objects.get(email="maria@demo.example"), backend="django.contrib.auth.backends.ModelBackend")
    return client


def bring(place: Workspace) -> None:
    """What the workers do."""
    work_on(place.pk)
    demo.advance(place.pk)
    work_on(place.pk)
    demo.advance(place.pk)
    fold_all(place.pk)


def funnel(place: Workspace, title: str, **question: object) -> list[dict]:
    with tenancy.reading(place.pk):
        row = JourneyMap.objects.get(title=title)
    api = Client(headers={"Authorization": f"Bearer {make.token(place)}"})
    body = {"map": str(row.pk), "window_seconds": 400 * 86_400} | question
    return api.post("/api/v1/reports/funnel/", body, content_type="application/json").json()["steps"]


def test_it_is_there_at_once(place, as_maria):
    assert place.is_demo
    with tenancy.reading(place.pk):
        maps = list(JourneyMap.objects.order_by("created_at"))
        assert [row.title for row in maps] == ["B2B SaaS CRM", "Интернет-магазин"]
        assert Touch.objects.filter(source="crm").count() >= 400
        assert StageVisit.objects.filter(map=maps[0]).exists()
    page = as_maria.get(f"/w/demo/maps/{maps[0].pk}/")
    assert page.status_code == 200
    for words in ("Осознание", "Адвокация", "Обучение команды", "Много настроек, команда сопротивляется", "Линия видимости"):
        assert words in page.content.decode()


def test_starting_again_changes_nothing(place):
    assert demo.start(base_now=now(), customers=600) == place
    assert Workspace.objects.filter(is_demo=True).count() == 1


def test_the_workers_bring_the_rest(place, as_maria):
    before = as_maria.get("/w/demo/demo/progress/").content.decode()
    assert "<progress" in before
    bring(place)
    after = as_maria.get("/w/demo/demo/progress/").content.decode()
    assert "<progress" not in after
    with tenancy.reading(place.pk):
        assert {row.state for row in Import.objects.all()} == {"done"}
        assert demo.progress_of(Workspace.objects.get(pk=place.pk)).percent == 100


@pytest.mark.timeout(900)
def test_the_shops_funnel_is_that_of_its_file():
    place = demo.start(base_now=now(), customers=60, first=100)
    bring(place)
    with tenancy.reading(place.pk):
        assert Import.objects.get(source="ecom").accepted == 31_106
    steps = funnel(place, "Интернет-магазин", mode="reached")
    assert [step["count"] for step in steps] == [600, 598, 522, 489, 441, 390, 328]


def test_the_funnel_of_the_map_is_near_the_screen(place):
    bring(place)
    steps = funnel(place, "B2B SaaS CRM", mode="reached")
    assert steps[0]["count"] == 602
    assert [step["step"] for step in steps[1:4]] == pytest.approx(SCREEN[:3], abs=0.08)


def test_the_lost_one_is_found(place, as_maria):
    """The opening story: five visits, two guides, letters, a call, and silence without a refusal."""
    with tenancy.reading(place.pk):
        lost = Customer.objects.get(external_id="gromov")
        visit = StageVisit.objects.get(customer=lost, exited_at=None)
        assert visit.stage.name == "Исследование"
        last = Touch.objects.filter(identity__customer=lost).order_by("-occurred_at")[0]
        assert last.event == "call_held"
        assert now() - last.occurred_at > timedelta(days=60)
    assert "Илья Громов" in as_maria.get("/w/demo/customers/gromov/").content.decode()


def test_sergeys_story_is_that_of_the_screen(place):
    with tenancy.reading(place.pk):
        sergey = Customer.objects.get(name="Сергей Демидов")
        assert sergey.company.name == "Северные линии"
        assert Touch.objects.filter(identity__customer=sergey).count() == 34
        visits = StageVisit.objects.filter(customer=sergey, map__title="B2B SaaS CRM").order_by("entered_at")
        assert [(visit.stage.name, visit.entry) for visit in visits] == [
            ("Осознание", "forward"), ("Исследование", "forward"), ("Решение", "forward"), ("Исследование", "return"),
            ("Решение", "re_entry"),
        ]  # fmt: skip


def test_one_pain_walks_the_whole_chain(place, as_maria):
    with tenancy.reading(place.pk):
        pain = PainPoint.objects.get(title="Много настроек, команда сопротивляется")
        assert pain.evidence_links.count() == 9
        assert pain.monthly_loss == 1_880_000
        guess = Hypothesis.objects.get(statement="Личная настройка воронки в первые 48 часов")
        assert guess.pain == pain
        assert str(guess.owner) == "Павел Рогов"
        assert (guess.status, guess.verdict) == ("verified", "confirmed")
        assert guess.effect == pytest.approx(110 / 149 - 89 / 149)
        assert 1_700_000 < guess.monthly_effect < 1_800_000
    assert "+14,1" in as_maria.get(f"/w/demo/maps/{guess.map_id}/").content.decode()


def test_reset_puts_everything_back(place, as_maria):
    with tenancy.writing(place.pk):
        JourneyMap.objects.filter(title="B2B SaaS CRM").update(title="Changed")
    response = as_maria.post("/w/demo/demo/", {"deed": "reset"})
    assert response.status_code == 302
    assert finish(place.pk)
    fresh = Workspace.objects.get(slug="demo")
    assert fresh.pk != place.pk
    with tenancy.reading(fresh.pk):
        assert JourneyMap.objects.filter(title="B2B SaaS CRM").exists()


def test_deletion_leaves_nothing_of_it_and_touches_nobody_else(place, as_maria):
    own = make.workspace("Own")
    make.member(own, User.objects.get(email="maria@demo.example"), "owner")
    with tenancy.writing(own.pk):
        kept = make.journey_map("Моя карта")
    bring(place)
    funnel(place, "B2B SaaS CRM", mode="reached")
    assert as_maria.post("/w/demo/demo/", {"deed": "delete"}).status_code == 302
    assert as_maria.get("/w/demo/").status_code == 404
    assert finish(place.pk)
    assert not Workspace.objects.filter(is_demo=True).exists()
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            with tenancy.reading(place.pk):
                assert not model.objects.exists(), model
    assert not Membership.objects.filter(workspace=place.pk).exists()
    assert User.objects.filter(email="maria@demo.example").exists()
    assert not User.objects.filter(email="oleg@demo.example").exists()
    with tenancy.reading(own.pk):
        assert JourneyMap.objects.get().pk == kept.pk


def test_the_store_holds_nothing_of_a_deleted_demo(place):
    from analytics.store import engine

    bring(place)
    funnel(place, "B2B SaaS CRM", mode="reached")
    demo.delete(place)
    assert finish(place.pk)
    for table in engine.TABLES:
        assert engine.rows(f"select count() from {table} where workspace = {{w:UUID}}", {"w": str(place.pk)}) == [(0,)]


def test_only_its_owner_may_end_it(place):
    client = Client()
    client.force_login(User.objects.get(email="oleg@demo.example"), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/w/demo/demo/").status_code == 200
    assert client.post("/w/demo/demo/", {"deed": "delete"}).status_code == 403
    assert Workspace.objects.filter(slug="demo").exists()


def test_an_own_workspace_has_no_such_page(workspace, as_alice):
    assert as_alice.get(f"/w/{workspace.slug}/demo/").status_code == 404
    assert as_alice.post(f"/w/{workspace.slug}/demo/", {"deed": "delete"}).status_code == 404
    assert Workspace.objects.filter(pk=workspace.pk).exists()


def test_an_unknown_deed_is_refused(place, as_maria):
    assert as_maria.post("/w/demo/demo/", {"deed": "explode"}).status_code == 400


def test_the_command_makes_and_deletes_it():
    call_command("demo", "start", "--customers", "300", "--language", "en", stdout=StringIO())
    place = Workspace.objects.get(slug="demo")
    assert place.name == "Demo company"
    with tenancy.reading(place.pk):
        assert PainPoint.objects.filter(title="Many settings, the team resists").exists()
    call_command("demo", "delete", stdout=StringIO())
    assert not Workspace.objects.filter(is_demo=True).exists()
    with pytest.raises(CommandError):
        call_command("demo", "delete", stdout=StringIO())
