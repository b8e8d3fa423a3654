"""The names of customers behind internal ids."""

from collections.abc import Collection

from customers.models import Customer

_SLICE = 5_000


def names_of(ids: Collection[int]) -> dict[int, str]:
    """External ids of the living customers of the active workspace; one query per 5,000 ids."""
    ordered, names = sorted(ids), {}
    for start in range(0, len(ordered), _SLICE):
        some = ordered[start : start + _SLICE]
        people = Customer.objects.filter(pk__gte=some[0], pk__lte=some[-1], erased_at__isnull=True)
        if len(some) < 500:
            people = people.filter(pk__in=some)
        names.update(people.values_list("pk", "external_id"))
    return names
