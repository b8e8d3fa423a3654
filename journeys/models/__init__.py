from .lane import Lane
from .map import JourneyMap, MapPersona, MapTemplate, Stage, StageTarget, Step, StepLink
from .metric import Metric
from .persona import Persona
from .review import Review

__all__ = [
    "JourneyMap",
    "Lane",
    "MapPersona",
    "MapTemplate",
    "Metric",
    "Persona",
    "Review",
    "Stage",
    "StageTarget",
    "Step",
    "StepLink",
]
