"""When a map was last looked at, and when it wants to be looked at again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from cjm.lib.clock import now
from cjm.lib.refusals import Refusal
from workspaces import changes
from workspaces.changes import Edit
from workspaces.models import Membership

from .models import JourneyMap, Review

AGES = ((2.0, "stale"), (1.0, "due"))


@dataclass(frozen=True)
class Freshness:
    """`age`: fresh, due or stale by the worse of the two cadences; `seen_at` the last look; `next_at` the first one due."""

    age: str
    seen_at: datetime
    next_at: datetime
    next_kind: str

    def days_over(self, moment: datetime) -> int:
        """Whole days past the date of the next review; negative before it."""
        return (moment - self.next_at).days


def freshness_of(map: JourneyMap, *, at: datetime | None = None) -> Freshness:
    """A deep review is a light one too; a map that nobody reviewed counts from its creation. No queries."""
    moment = at or now()
    deep = map.last_deep_review_at or map.created_at
    light = max(map.last_light_review_at or map.created_at, deep)
    light_next = light + timedelta(days=map.light_review_every_days)
    deep_next = deep + timedelta(days=map.deep_review_every_days)
    worst = max(
        (moment - light) / timedelta(days=max(map.light_review_every_days, 1)),
        (moment - deep) / timedelta(days=max(map.deep_review_every_days, 1)),
    )
    age = next((name for limit, name in AGES if worst >= limit), "fresh")
    kind = Review.Kind.DEEP if deep_next <= light_next else Review.Kind.LIGHT
    return Freshness(age, light, min(light_next, deep_next), kind)


@transaction.atomic
def record_review(map: JourneyMap, *, by: Membership, kind: str, reason: str = "", findings: str = "") -> Review:
    """Somebody looked at the map: it is fresh again, and the log says who."""
    if kind not in Review.Kind.values:
        raise Refusal("invalid", _("There is no such kind of review."), errors={"kind": [_("There is no such kind of review.")]})
    done = now()
    scheduled = Review.Reason.SCHEDULED_DEEP if kind == Review.Kind.DEEP else Review.Reason.SCHEDULED_LIGHT
    review = Review(map=map, kind=kind, reason=reason or scheduled, findings=findings, reviewer=by, done_at=done)
    values = {"last_light_review_at": done} | ({"last_deep_review_at": done} if kind == Review.Kind.DEEP else {})
    changes.write(map, "map.reviewed", by=by, edits=[changes.create(review), Edit(map, values)])
    return review
