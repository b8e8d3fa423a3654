from django.db import models
from django.utils.translation import gettext_lazy as _

from cjm.lib.ids import uuid7
from workspaces.tenancy import Drawn, TenantModel


class JourneyMap(Drawn):
    """A map: the planned side of a journey. `version` is the head of its change log."""

    class Kind(models.TextChoices):
        CURRENT_STATE = "current_state", _("Current state")
        FUTURE_STATE = "future_state", _("Future state")
        DAY_IN_THE_LIFE = "day_in_the_life", _("Day in the life")
        SERVICE_BLUEPRINT = "service_blueprint", _("Service blueprint")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RESEARCHING = "researching", _("Researching")
        LIVE = "live", _("Live")
        ARCHIVED = "archived", _("Archived")

    class Visibility(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        LISTED = "listed", _("Listed")
        VIEWABLE = "viewable", _("Viewing")
        EDITABLE = "editable", _("Editing")

    title = models.CharField(_("Title"), max_length=200)
    kind = models.CharField(_("Kind"), max_length=20, choices=Kind.choices, default=Kind.CURRENT_STATE)
    scenario = models.TextField(_("Scenario"), blank=True)
    scope_from = models.CharField(max_length=200, blank=True)
    scope_to = models.CharField(max_length=200, blank=True)
    owner = models.ForeignKey("workspaces.Membership", models.SET_NULL, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.LIVE)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.EDITABLE)
    language = models.CharField(max_length=2, default="ru")
    template = models.CharField(max_length=40, blank=True)
    derived_from = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    light_review_every_days = models.PositiveSmallIntegerField(default=14)
    deep_review_every_days = models.PositiveSmallIntegerField(default=90)
    last_light_review_at = models.DateTimeField(null=True, blank=True)
    last_deep_review_at = models.DateTimeField(null=True, blank=True)
    north_star = models.ForeignKey("journeys.Metric", models.SET_NULL, null=True, blank=True, related_name="+")
    average_cheque = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, default="RUB")
    version = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.title


class MapPersona(Drawn):
    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="persona_links")
    persona = models.ForeignKey("journeys.Persona", models.CASCADE, related_name="map_links")
    colour = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta(Drawn.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "map", "persona"], name="map_persona_once")]


class Canonical(models.TextChoices):
    AWARENESS = "awareness", _("Awareness")
    CONSIDERATION = "consideration", _("Consideration")
    DECISION = "decision", _("Decision")
    PURCHASE = "purchase", _("Purchase")
    ONBOARDING = "onboarding", _("Onboarding")
    ACTIVATION = "activation", _("Activation")
    USAGE = "usage", _("Usage")
    EXPANSION = "expansion", _("Expansion")
    LOYALTY = "loyalty", _("Loyalty")
    ADVOCACY = "advocacy", _("Advocacy")
    CUSTOM = "custom", _("Custom")


class Stage(Drawn):
    """A column of a map."""

    map = models.ForeignKey(JourneyMap, models.CASCADE, related_name="stages")
    name = models.CharField(max_length=120)
    canonical = models.CharField(max_length=16, choices=Canonical.choices, default=Canonical.CUSTOM)
    rank = models.CharField(max_length=40)
    colour = models.CharField(max_length=16, blank=True)
    subtitle = models.CharField(max_length=160, blank=True)
    customer_goal = models.TextField(blank=True)
    company_goal = models.TextField(blank=True)
    counterpart = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    conversion_benchmark = models.FloatField(null=True, blank=True, help_text=_("Share entering from the previous stage, 0 to 1"))

    class Meta(Drawn.Meta):
        indexes = [models.Index(fields=["workspace", "map", "rank"], name="stage_by_rank")]

    def __str__(self) -> str:
        return self.name


class StageTarget(Drawn):
    """A binary check: a touch of `event` that satisfies `where` puts the customer on the stage. Targets are alternatives."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="targets")
    name = models.CharField(max_length=160, blank=True)
    event = models.CharField(max_length=200)
    where = models.JSONField(null=True, blank=True)
    window_days = models.PositiveIntegerField(null=True, blank=True)


class Step(Drawn):
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="steps")
    title = models.CharField(max_length=160)
    rank = models.CharField(max_length=40)
    is_moment_of_truth = models.BooleanField(default=False)
    counterpart = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")


class StepLink(Drawn):
    class Kind(models.TextChoices):
        NEXT = "next", _("Next")
        BRANCH = "branch", _("Branch")
        LOOP = "loop", _("Loop")
        SKIP = "skip", _("Skip")
        RETURN = "return", _("Return")

    from_step = models.ForeignKey(Step, models.CASCADE, related_name="links_out")
    to_step = models.ForeignKey(Step, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.NEXT)
    label = models.CharField(max_length=120, blank=True)


class MapTemplate(TenantModel):
    """A map kept by a workspace as a starting point; the product's own templates are data files."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=JourneyMap.Kind.choices)
    payload = models.JSONField(default=dict)
    language = models.CharField(max_length=2, default="ru")
