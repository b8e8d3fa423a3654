from .card import Card
from .emotion import EmotionPoint
from .evidence import Evidence, PainEvidence
from .hypothesis import Hypothesis
from .pain import Opportunity, PainPoint
from .placement import TouchpointPlacement
from .touchpoint import Channel, System, Touchpoint
from .version import MapVersion

__all__ = [
    "Card",
    "Channel",
    "EmotionPoint",
    "Evidence",
    "Hypothesis",
    "MapVersion",
    "Opportunity",
    "PainEvidence",
    "PainPoint",
    "System",
    "Touchpoint",
    "TouchpointPlacement",
]
