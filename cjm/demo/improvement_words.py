"""The metrics and hypotheses of the demo's map. Pairs: Russian, English. Lifts are fractions."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from dataclasses import dataclass
from typing import Final

from .events import Pair

_NO_UNIT: Final[Pair] = ("", "")
_PERCENT: Final[Pair] = ("%", "%")
_DAYS: Final[Pair] = ("дн", "d")


@dataclass(frozen=True)
class Measure:
    """A metric at a stage, or at the stage's touchpoint number `place`. `values` are typed, oldest first."""

    stage: int
    place: int | None
    name: Pair
    query: str = "typed"
    event: str = ""
    to_event: str = ""
    score: str = ""
    values: tuple[float, ...] = ()
    unit: Pair = _NO_UNIT
    target: float | None = None
    is_better_up: bool = True


@dataclass(frozen=True)
class Outcome:
    """Counts of a test: (converted, total) of each group; people a month and the worth of one of them; guardrails."""

    control: tuple[int, int]
    treatment: tuple[int, int]
    people: int
    value: str
    guardrails: tuple[tuple[Pair, float, tuple[int, int], tuple[int, int]], ...] = ()


@dataclass(frozen=True)
class Guess:
    stage: int
    place: int
    statement: Pair
    owner: str
    metric: Pair
    expected: float
    method: str = "ab_test"
    lift_kind: str = "points"
    baseline: float | None = None
    is_of_opportunity: bool = False
    result: Outcome | None = None
    note: Pair | None = None
    moved_to: str = ""
    reason: Pair | None = None


METRICS: Final[tuple[Measure, ...]] = (
    Measure(0, None, ("Охват", "Reach"), "customers", event="article"),
    Measure(0, None, ("Бренд. трафик", "Brand traffic"), values=(15, 15, 16, 17, 17, 18), unit=_PERCENT),
    Measure(1, None, ("Форма заявки", "Request form"), values=(2.5, 2.4, 2.4, 2.2, 2.1, 2.0), unit=_PERCENT, target=2.5),
    Measure(1, None, ("Заявки", "Requests"), "count", event="form"),
    Measure(2, None, ("Демо → КП", "Demo → proposal"), "ratio", event="demo", to_event="proposal", unit=_PERCENT, target=55),
    Measure(2, None, ("CSAT демо", "Demo CSAT"), "mean_score", event="demo", score="csat", target=4.2),
    Measure(
        3,
        None,
        ("До подписи", "Until signed"),
        "median_time",
        event="agreed",
        to_event="signed",
        unit=_DAYS,
        target=7,
        is_better_up=False,
    ),
    Measure(3, None, ("CES оплаты", "Payment CES"), "mean_score", event="paid", score="ces"),
    Measure(4, None, ("Активация", "Activation"), "ratio", event="agreed", to_event="setup", unit=_PERCENT, target=75),
    Measure(
        4,
        None,
        ("До первой сделки", "Until the first deal"),
        "median_time",
        event="setup",
        to_event="first_deal",
        unit=_DAYS,
        is_better_up=False,
    ),
    Measure(5, None, ("Retention 90", "Retention 90"), values=(79, 80, 82, 81, 83, 83), unit=_PERCENT, target=80),
    Measure(5, None, ("NPS", "NPS"), "mean_score", event="nps", score="nps"),
    Measure(6, None, ("Рефералы", "Referrals"), values=(18, 19, 21, 22, 24, 25), unit=_PERCENT, target=20),
    Measure(6, None, ("Отзывы", "Reviews"), "count", event="review"),
    Measure(0, 0, ("дочитали", "read to the end"), values=(35, 36, 36, 37, 38, 38), unit=_PERCENT),
    Measure(0, 1, ("CTR", "CTR"), values=(3.9, 3.8, 3.7, 3.5, 3.5, 3.4), unit=_PERCENT, target=4),
    Measure(1, 0, ("заявка", "request"), values=(2.5, 2.4, 2.4, 2.2, 2.1, 2.0), unit=_PERCENT, target=2.5),
    Measure(1, 1, ("загрузки", "downloads"), "count", event="guide"),
    Measure(1, 2, ("дошли", "attended"), values=(48, 47, 46, 46, 45, 44), unit=_PERCENT, target=50),
    Measure(2, 0, ("CSAT", "CSAT"), "mean_score", event="demo", score="csat"),
    Measure(2, 1, ("ответ", "answer"), values=(1.9, 1.7, 1.5, 1.4, 1.3, 1.2), unit=("ч", "h"), target=2, is_better_up=False),
    Measure(
        2, 2, ("ждут", "waiting"), "median_time", event="demo", to_event="proposal", unit=_DAYS, target=1, is_better_up=False
    ),
    Measure(
        3,
        0,
        ("подпись", "signature"),
        "median_time",
        event="contract",
        to_event="signed",
        unit=_DAYS,
        target=3,
        is_better_up=False,
    ),
    Measure(3, 1, ("CES", "CES"), "mean_score", event="paid", score="ces"),
    Measure(4, 0, ("открыли", "opened"), "ratio", event="setup", to_event="welcome", unit=_PERCENT),
    Measure(4, 1, ("CSAT", "CSAT"), "mean_score", event="lesson", score="csat", target=4),
    Measure(4, 2, ("CSAT", "CSAT"), "mean_score", event="ticket", score="csat"),
    Measure(5, 0, ("активны", "active"), "ratio", event="setup", to_event="team", unit=_PERCENT),
    Measure(5, 1, ("открыли", "opened"), values=(27, 28, 28, 30, 29, 29), unit=_PERCENT),
    Measure(5, 2, ("CSAT", "CSAT"), "mean_score", event="ticket", score="csat"),
    Measure(6, 0, ("отзывы", "reviews"), "count", event="review"),
    Measure(6, 1, ("сделок", "of deals"), values=(18, 19, 21, 22, 24, 25), unit=_PERCENT),
)

HYPOTHESES: Final[tuple[Guess, ...]] = (
    Guess(
        4, 1, ("Личная настройка воронки в первые 48 часов", "Personal set-up of the funnel within the first 48 hours"),
        "ПР", ("Активация", "Activation"), 0.15, baseline=0.60, is_of_opportunity=True,
        result=Outcome(
            (89, 149), (110, 149), 61, "204700",
            (
                (("Возвраты денег", "Refunds"), 0.05, (13, 149), (10, 149)),
                (("Обращения в поддержку", "Support requests"), 0.10, (57, 149), (61, 149)),
            ),
        ),
        note=("Внедрить для компаний до 200 человек. Контрольную группу оставить до 15 февраля.", "Roll out for companies of up to 200 people. Keep the control group until 15 February."),
    ),
    Guess(2, 2, ("КП за один день вместо 3,4: сделок после демо станет больше", "A proposal within a day instead of 3.4: more deals after a demo"), "ОТ", ("Демо → КП", "Demo → proposal"), 0.06, baseline=0.46),
    Guess(4, 1, ("Урок на сделках самого клиента, а не на учебном примере", "A lesson on the customer's own deals, not on an example"), "ПР", ("Активация", "Activation"), 0.08, baseline=0.60),
    Guess(2, 0, ("План внедрения на 14 дней прямо на демо", "A 14-day rollout plan right at the demo"), "ДШ", ("Решение → Покупка", "Decision → purchase"), 0.04, baseline=0.208, is_of_opportunity=True),
    Guess(3, 0, ("Договор без согласования до 300 тыс. ₽", "No approval of contracts below 300 thousand ₽"), "ЕЛ", ("До подписи", "Until signed"), -0.43, "before_after", "relative", is_of_opportunity=True),
    Guess(
        1, 0, ("Убрать ИНН с первого шага формы", "No tax number in the first step of the form"), "МК", ("Форма заявки", "Request form"), 0.005,
        baseline=0.02, result=Outcome((200, 10000), (240, 10000), 10000, "8000"),
        note=("Форма стала короче на два поля.", "The form is two fields shorter."), is_of_opportunity=True,
    ),
    Guess(
        4, 0, ("Видео вместо статьи в письме 2", "A video instead of an article in letter 2"), "МК", ("Дошли до урока 1", "Reached lesson 1"), 0.05,
        result=Outcome((212, 420), (213, 420), 61, "20000"), note=("Разницы не видно.", "No difference to be seen."),
    ),
    Guess(
        2, 1, ("Перезвон за 2 часа после страницы цен", "A call within 2 hours after the pricing page"), "ОТ", ("Записались на демо", "Signed up for a demo"), 0.03,
        result=Outcome((118, 1400), (162, 1400), 480, "126000"), note=("Звонок вовремя, без давления.", "A timely call, no pressure."),
        moved_to="implemented", reason=("Работает на всех, дежурство распределено.", "Works for all, shifts are arranged."),
    ),
    Guess(
        1, 1, ("Кейс по отрасли в первом письме прогрева", "A case of the industry in the first nurturing letter"), "МК", ("Скачали второй материал", "Downloaded a second paper"), 0.02,
        result=Outcome((96, 2100), (134, 2100), 1500, "26000"), note=("Отрасль берём из формы.", "The industry comes from the form."),
        moved_to="implemented", reason=("Кейсы есть для семи отраслей.", "There are cases for seven industries."), is_of_opportunity=True,
    ),
    Guess(
        4, 2, ("Опрос CSAT сразу после первой сделки", "A CSAT survey right after the first deal"), "ДШ", ("Отклик на опрос", "Answers to the survey"), 0.20,
        result=Outcome((60, 300), (132, 300), 60, "20800"), note=("Отклик 44 %.", "44 % answered."),
        moved_to="implemented", reason=("Опрос включён для всех.", "The survey is on for everybody."),
    ),
    Guess(
        4, 1, ("Сертификат менеджера за прохождение уроков", "A certificate for managers who finish the lessons"), "ПР", ("Активация", "Activation"), 0.05, baseline=0.60,
        result=Outcome((61, 150), (59, 150), 61, "20000"), note=("Не значимо.", "Not significant."),
        moved_to="rejected", reason=("Эффекта нет, а времени уходит много.", "No effect, and it takes much time."),
    ),
    Guess(
        3, 1, ("Таймер скидки на странице цен", "A discount timer on the pricing page"), "МК", ("Перешли к оплате", "Went on to payment"), 0.02,
        result=Outcome((88, 1200), (117, 1200), 400, "50000", ((("Возвраты денег", "Refunds"), 0.01, (24, 1200), (51, 1200)),)),
        note=("Продажи выросли вместе с возвратами.", "Sales grew together with refunds."),
        moved_to="rejected", reason=("Снято по этике: давит временем, возвраты выросли.", "Taken off for ethics: it presses with time, refunds grew."),
    ),
)  # fmt: skip
