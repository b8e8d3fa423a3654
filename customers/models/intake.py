from django.db import models
from django.utils.translation import gettext_lazy as _

from cjm.lib.clock import now
from workspaces.tenancy import Drawn, TenantModel


class RejectedTouch(TenantModel):
    """An item that could not be recorded, kept with its reason so that it can be seen and replayed."""

    source = models.CharField(max_length=120)
    index = models.PositiveIntegerField(default=0)
    item = models.JSONField()
    code = models.CharField(max_length=40)
    detail = models.CharField(max_length=500)
    from_import = models.ForeignKey("customers.Import", models.CASCADE, null=True, related_name="rejected_rows")
    at = models.DateTimeField(default=now)
    replayed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["workspace", "at", "id"], name="rejected_by_time")]

    @property
    def is_replayable(self) -> bool:
        """A row of a file is corrected in the file."""
        return self.replayed_at is None and isinstance(self.item, dict) and "touch_id" in self.item


class Import(Drawn):
    """A file of touches: checked, run by a worker with progress, and undone whole if need be.

    `checked` is what the dry run found. `leased_until` is real time: whoever works on the file renews it, so that a killed
    worker's import is taken up by another one.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    file_name = models.CharField(max_length=300)
    path = models.CharField(max_length=300)
    source = models.CharField(max_length=120)
    mapping = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    historical = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADED)
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    repeated = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    checked = models.JSONField(default=dict)
    error = models.CharField(max_length=500, blank=True)
    leased_until = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)


class ImportedCustomer(TenantModel):
    """A customer whom only imports made known: with these undone and nothing else recorded, they vanish."""

    from_import = models.ForeignKey(Import, models.CASCADE, related_name="new_customers")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "customer"], name="imported_customer_once")]


class ImportedFacts(TenantModel):
    """What an import changed of what was known about a customer: field (or attrs.key) → the value before and the one it wrote.

    None stands for a key that was not there.
    """

    from_import = models.ForeignKey(Import, models.CASCADE, related_name="changed_facts")
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")
    changes = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "from_import", "customer"], name="imported_facts_once")]
