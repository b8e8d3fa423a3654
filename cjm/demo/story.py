"""Two people whose whole story is told: Сергей Демидов of the customer card, and the one who vanished without a refusal.

A moment is days before the end and a local time. Pairs: Russian, English.
"""

# ruff: noqa: E501 (both languages of a text stand on one line)

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from .events import Pair

_END: Final = date(2025, 11, 14)  # the day on which the story of the reference screen is told


@dataclass(frozen=True)
class Moment:
    kind: str
    days_ago: int
    clock: str
    title: Pair | None = None
    note: Pair | None = None
    score: tuple[str, float, Pair] | None = None


def _at(month: int, day: int, clock: str, kind: str, title: Pair | None = None, note: Pair | None = None, **more: Any) -> Moment:
    return Moment(kind, (_END - date(2025, month, day)).days, clock, title, note, **more)


def _ago(days: int, clock: str, kind: str, title: Pair | None = None, note: Pair | None = None) -> Moment:
    return Moment(kind, days, clock, title, note)


DEMIDOV: Final[dict[str, Any]] = {
    "external_id": "demidov",
    "name": ("Сергей Демидов", "Sergey Demidov"),
    "email": "s.demidov@severnye-linii.example",
    "timezone": "Europe/Moscow",
    "consent": {"email": True, "phone": True},
    "company": {"external_id": "severnye-linii", "name": ("Северные линии", "Northern Lines")},
    "attrs": {
        "job": ("Директор по продажам", "Sales director"), "decision_role": ("финальный подписант", "final signer"), "company_size": 120,
        "industry": ("логистика", "logistics"), "city": ("Санкт-Петербург", "Saint Petersburg"),
        "manager": ("Олег Титов", "Oleg Titov"), "deal": 1240000, "interest": ("Интеграция с 1С", "1C integration"),
    },
}  # fmt: skip
DEMIDOV_TOUCHES: Final[tuple[Moment, ...]] = (
    _at(
        6,
        4,
        "10:12",
        "article",
        ("Почему отдел продаж не выполняет план", "Why the sales team misses its plan"),
        ("Из поиска, «как увеличить продажи»", "From search, “how to grow sales”"),
    ),
    _at(6, 20, "14:40", "search", ("Запрос «CRM для B2B»", "Query “CRM for B2B”")),
    _at(6, 27, "09:25", "page", ("Возможности", "Features")),
    _at(
        7,
        2,
        "11:03",
        "guide",
        ("Чек-лист перехода с Excel", "Checklist for leaving Excel"),
        ("Первый из пяти материалов", "The first of five materials"),
    ),
    _at(7, 5, "09:10", "letter"),
    _at(7, 9, "16:31", "guide", ("Выбор CRM: 30 вопросов поставщику", "Choosing a CRM: 30 questions to ask")),
    _at(7, 14, "12:20", "case"),
    _at(7, 22, "11:00", "webinar", ("CRM без сопротивления команды", "A CRM that the team does not fight")),
    _at(7, 29, "09:14", "letter"),
    _at(8, 5, "15:47", "guide", ("Калькулятор окупаемости CRM", "CRM return calculator")),
    _at(8, 12, "09:08", "letter"),
    _at(8, 19, "18:22", "prices"),
    _at(8, 26, "10:55", "guide", ("CRM в логистике: разбор", "CRM in logistics: a case")),
    _at(
        8,
        28,
        "13:36",
        "form",
        None,
        None,
        score=(
            "ces",
            3.0,
            ("Спросили ИНН раньше, чем ответили на вопрос", "Asked for the tax number before answering my question"),
        ),
    ),
    _at(9, 3, "11:00", "demo", ("Демо 1", "Demo 1")),
    _at(9, 5, "15:10", "call", None, ("Спросил про сроки внедрения", "Asked how long the rollout takes")),
    _at(9, 8, "19:02", "prices"),
    _at(
        9,
        11,
        "17:45",
        "proposal",
        None,
        ("Ждал 4 дня, на звонке спросил про сроки внедрения", "Waited 4 days, asked on the call how long the rollout takes"),
    ),
    _at(9, 12, "09:30", "proposal_open", None, ("В первый раз", "For the first time")),
    _at(
        9,
        18,
        "20:05",
        "compare",
        None,
        (
            "После КП сравнивал с двумя системами и Excel, не отвечал 26 дней",
            "After the proposal compared two systems and Excel, silent for 26 days",
        ),
    ),
    _at(9, 26, "19:40", "compare"),
    _at(
        10,
        6,
        "12:12",
        "guide",
        ("Внедрение без сопротивления команды", "A rollout that the team accepts"),
        ("Пятый материал", "The fifth material"),
    ),
    _at(
        10,
        14,
        "10:20",
        "demo_asked",
        ("Записался на второе демо", "Signed up for a second demo"),
        ("Из письма с кейсом", "From the letter with a case"),
    ),
    _at(10, 16, "11:30", "demo", ("Демо 2", "Demo 2")),
    _at(
        10,
        21,
        "16:00",
        "csat",
        None,
        None,
        score=("csat", 4.0, ("Понятно, но покажите на наших этапах", "Clear, but show it on our stages")),
    ),
    _at(10, 24, "09:48", "proposal_open", None, ("Во второй раз", "For the second time")),
    _at(
        11,
        1,
        "11:00",
        "demo",
        ("Демо 3, с руководителем отдела", "Demo 3, with the head of the team"),
        ("Просит показать обмен с 1С на его данных", "Asks to see the exchange with 1C on his own data"),
    ),
    _at(11, 4, "18:10", "integration", None, ("Первый заход", "First visit")),
    _at(11, 6, "19:25", "integration", None, ("Второй заход", "Second visit")),
    _at(11, 7, "12:41", "prices"),
    _at(11, 9, "17:33", "integration", None, ("Третий заход", "Third visit")),
    _at(11, 10, "15:05", "call"),
    _at(11, 11, "09:12", "proposal_open", None, ("В третий раз", "For the third time")),
    _at(
        11,
        12,
        "18:40",
        "integration",
        None,
        (
            "Четвёртый заход: 6 минут, дочитал раздел про номенклатуру",
            "Fourth visit: 6 minutes, read the part about items to the end",
        ),
    ),
)

GROMOV: Final[dict[str, Any]] = {
    "external_id": "gromov",
    "name": ("Илья Громов", "Ilya Gromov"),
    "email": "i.gromov@bitlab.example",
    "timezone": "Europe/Moscow",
    "consent": {"email": True},
    "company": {"external_id": "bitlab", "name": ("Битлаб", "Bitlab")},
    "attrs": {
        "job": ("Коммерческий директор", "Commercial director"),
        "company_size": 85,
        "industry": ("ИТ", "IT"),
        "city": ("Казань", "Kazan"),
    },
}
GROMOV_TOUCHES: Final[tuple[Moment, ...]] = (
    _ago(
        112, "11:20", "page", ("Главная", "Home page"), ("Первый из пяти заходов на сайт", "The first of five visits to the site")
    ),
    _ago(110, "16:45", "page", ("Возможности", "Features")),
    _ago(107, "12:05", "guide", ("Выбор CRM: 30 вопросов поставщику", "Choosing a CRM: 30 questions to ask")),
    _ago(105, "09:10", "letter"),
    _ago(101, "18:32", "guide", ("Внедрение без сопротивления команды", "A rollout that the team accepts")),
    _ago(98, "09:12", "letter"),
    _ago(95, "13:50", "prices"),
    _ago(91, "09:09", "letter"),
    _ago(88, "10:40", "case"),
    _ago(84, "09:15", "letter"),
    _ago(81, "19:20", "integration"),
    _ago(
        78,
        "15:30",
        "call",
        None,
        ("Обещал вернуться с ответом и пропал без отказа", "Promised to come back with an answer and vanished without a refusal"),
    ),
)
PEOPLE: Final = ((DEMIDOV, DEMIDOV_TOUCHES), (GROMOV, GROMOV_TOUCHES))
