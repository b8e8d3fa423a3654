from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Persona(Drawn):
    """A typical representative of a segment."""

    class DecisionRole(models.TextChoices):
        INITIATOR = "initiator", _("Initiator")
        INFLUENCER = "influencer", _("Influencer")
        DECISION_MAKER = "decision_maker", _("Final signer")
        END_USER = "end_user", _("End user")
        CHAMPION = "champion", _("Champion")

    name = models.CharField(_("Name"), max_length=120)
    avatar = models.CharField(max_length=40, blank=True)
    job_title = models.CharField(_("Job title"), max_length=160, blank=True)
    company_size = models.CharField(_("Company"), max_length=160, blank=True)
    jtbd = models.TextField(_("Job to be done"), blank=True)
    decision_role = models.CharField(_("Role in the decision"), max_length=20, choices=DecisionRole.choices, blank=True)
    buying_influence = models.CharField(max_length=160, blank=True)
    goals = models.JSONField(_("Goals"), default=list, blank=True)
    pains = models.JSONField(_("Pains"), default=list, blank=True)
    motivations = models.JSONField(_("Motivations"), default=list, blank=True)
    information_sources = models.JSONField(_("How they look for solutions"), default=list, blank=True)
    objections = models.TextField(_("Objections"), blank=True)
    selection_criteria = models.TextField(_("Selection criteria"), blank=True)
    decision_speed = models.CharField(_("Decision speed"), max_length=160, blank=True)
    quote = models.TextField(_("Quote"), blank=True)
    bio = models.TextField(_("About"), blank=True)
    traits = models.JSONField(default=list, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name
