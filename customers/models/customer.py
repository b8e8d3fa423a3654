from django.db import models

from cjm.lib.clock import now
from workspaces.tenancy import TenantModel


class Company(TenantModel):
    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    attrs = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "external_id"], name="company_once")]


class Customer(TenantModel):
    """A person (or an anonymous browser) whose touches are recorded.

    Recording locks this row before it inserts touches, so that within one customer the order of ids is the order of
    commits and nothing can be skipped. `staged_until` is the latest moment among the events that staging has seen.
    """

    external_id = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    email = models.CharField(max_length=320, blank=True)
    timezone = models.CharField(max_length=64, blank=True)
    company = models.ForeignKey(Company, models.SET_NULL, null=True, blank=True, related_name="customers")
    attrs = models.JSONField(default=dict, blank=True)
    consent = models.JSONField(default=dict, blank=True)
    is_anonymous = models.BooleanField(default=False)
    merged_into = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    has_unfolded = models.BooleanField(default=False)
    staged_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    deleted_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "external_id"], name="customer_once")]
        indexes = [
            models.Index(fields=["workspace", "id"], condition=models.Q(has_unfolded=True), name="customer_unfolded"),
            models.Index(fields=["workspace", "updated_at", "id"], name="customer_by_update"),
        ]

    def __str__(self) -> str:
        return self.name or self.email or self.external_id


class Identity(TenantModel):
    """A name under which touches arrive; the only thing that a merge changes.

    `folded_touch_id` is its last touch that staging and rules have seen; it moves with the identity when customers merge.
    """

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        ANONYMOUS = "anonymous"

    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CUSTOMER)
    value = models.CharField(max_length=200)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="identities")
    folded_touch_id = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["workspace", "kind", "value"], name="identity_once")]
