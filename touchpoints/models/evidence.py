from django.db import models
from django.utils.translation import gettext_lazy as _

from workspaces.tenancy import Drawn


class Evidence(Drawn):
    """What was heard or seen, best in the customer's own words."""

    class Kind(models.TextChoices):
        INTERVIEW = "interview", _("Interview")
        CALL = "call", _("Call recording")
        SURVEY = "survey", _("Survey")
        TICKET = "ticket", _("Support ticket")
        ANALYTICS = "analytics", _("Analytics")
        DIARY = "diary", _("Diary")
        SESSION = "session", _("Session")
        CHAT = "chat", _("Chat")

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.INTERVIEW)
    quote = models.TextField()
    source = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    in_customer_words = models.BooleanField(default=True)
    sample_size = models.PositiveIntegerField(null=True, blank=True)


class PainEvidence(Drawn):
    """Ties an evidence to a pain."""

    pain = models.ForeignKey("touchpoints.PainPoint", models.CASCADE, related_name="evidence_links")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="pain_links")
