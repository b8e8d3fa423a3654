from .customer import Company, Customer, Identity
from .intake import Import, ImportedCustomer, ImportedFacts, RejectedTouch
from .score import Score
from .segment import Segment
from .touch import Touch, TouchBatch, TouchKey
from .visit import StagedMap, StageMove, StageVisit

__all__ = [
    "Company",
    "Customer",
    "Identity",
    "Import",
    "ImportedCustomer",
    "ImportedFacts",
    "RejectedTouch",
    "Score",
    "Segment",
    "StageMove",
    "StageVisit",
    "StagedMap",
    "Touch",
    "TouchBatch",
    "TouchKey",
]
