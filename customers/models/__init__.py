from .customer import Company, Customer, Identity
from .intake import Import, RejectedTouch
from .score import Score
from .segment import Segment
from .touch import Touch, TouchBatch, TouchKey
from .visit import StageVisit

__all__ = [
    "Company",
    "Customer",
    "Identity",
    "Import",
    "RejectedTouch",
    "Score",
    "Segment",
    "StageVisit",
    "Touch",
    "TouchBatch",
    "TouchKey",
]
