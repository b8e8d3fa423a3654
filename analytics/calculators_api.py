"""Stateless calculators over REST; every answer names its method."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from msgspec import Meta, Struct
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from cjm.lib.refusals import Refusal

from . import holes

Share = Annotated[float, Meta(ge=0, le=1)]
People = Annotated[int, Meta(ge=0, le=10**12)]
_MOST = Decimal(10) ** 12


class Communication(Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Literal["communication"]
    sessions: People
    conversion_was: Share
    conversion_is: Share
    average_cheque: Decimal


class Onboarding(Struct, forbid_unknown_fields=True, kw_only=True):
    kind: Literal["onboarding"]
    newcomers: People
    activation_target: Share
    activation_is: Share
    upsell_rate: Share
    upsell_value: Decimal


@extend_schema(request={"application/json": {"type": "object"}}, responses={200: OpenApiResponse(description="{loss, method}")})
@api_view(["POST"])
def hole_cost(request: Request) -> Response:
    """Money lost by a hole of the communication or of the onboarding, as a decimal string."""
    return Response({"loss": str(loss_of(request.data)), "method": "n x (reference - observed) x value"})


def loss_of(inputs: Any) -> Decimal:
    """The loss of a hole from the calculator's inputs; raises Refusal("invalid") with the field at fault."""
    shape = {"communication": Communication, "onboarding": Onboarding}.get(inputs.get("kind") if isinstance(inputs, dict) else "")
    if shape is None:
        raise Refusal("invalid", _("Say which hole: “communication” or “onboarding”."), errors={"kind": [_("Unknown kind.")]})
    try:
        asked: Any = msgspec.convert(inputs, shape)
    except msgspec.ValidationError as error:
        raise Refusal("invalid", _("The inputs cannot be read: %(error)s.") % {"error": error}) from error
    value = asked.average_cheque if shape is Communication else asked.upsell_value
    if not value.is_finite() or not 0 <= value <= _MOST:
        raise Refusal("invalid", _("The inputs cannot be read: %(error)s.") % {"error": "money"})
    if shape is Communication:
        return holes.communication_loss(
            asked.sessions,
            conversion_was=_exact(asked.conversion_was),
            conversion_is=_exact(asked.conversion_is),
            average_cheque=value,
        )
    return holes.onboarding_loss(
        asked.newcomers,
        activation_target=_exact(asked.activation_target),
        activation_is=_exact(asked.activation_is),
        upsell_rate=_exact(asked.upsell_rate),
        upsell_value=value,
    )


def _exact(share: float) -> Decimal:
    """The decimal that was written, not the double beside it."""
    return Decimal(repr(share))
