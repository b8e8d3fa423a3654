"""The map «Интернет-магазин» over the public sample of touches; its figures were counted there. Pairs: Russian, English."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from typing import Any, Final

from .events import Pair
from .people import EMAILS
from .words import told

NOTICE: Final[Pair] = (
    "Открытые учебные данные: 31 106 событий 600 покупателей, январь–июнь 2024. Из пакета retentioneering 5.2.4, лицензия Apache 2.0; данные синтетические, их создали авторы пакета.",
    "Public sample data: 31,106 events of 600 shoppers, January–June 2024. From the package retentioneering 5.2.4, Apache License 2.0; synthetic, made by the package's authors.",
)
TITLE: Final[Pair] = ("Интернет-магазин", "Online shop")
# Name, canonical tag, events that lead there, benchmark of the step, what the shopper wants, what we want.
_STAGES: Final[tuple[tuple[Pair, str, tuple[str, ...], float | None, Pair, Pair], ...]] = (
    (
        ("Витрина", "Shop window"),
        "awareness",
        ("home", "catalog"),
        None,
        ("Понять, есть ли здесь нужное", "See whether the right thing is here"),
        ("Показать выбор за одну минуту", "Show the choice within a minute"),
    ),
    (
        ("Карточка товара", "Product page"),
        "consideration",
        ("product_view",),
        0.95,
        ("Разглядеть и сравнить", "Look closely and compare"),
        ("Снять сомнения", "Dispel doubts"),
    ),
    (
        ("Добавление в корзину", "Add to cart"),
        "decision",
        ("add_to_cart",),
        0.90,
        ("Отложить, чтобы не потерять", "Put it aside, so as not to lose it"),
        ("Дать решиться без давления", "Let them decide without pressure"),
    ),
    (
        ("Корзина", "Cart"),
        "custom",
        ("cart",),
        0.92,
        ("Увидеть полную цену", "See the full price"),
        ("Никаких новых сумм", "No new sums"),
    ),
    (
        ("Доставка", "Delivery"),
        "custom",
        ("shipping_details",),
        0.92,
        ("Выбрать день и место", "Choose day and place"),
        ("Спросить только нужное", "Ask only for what is needed"),
    ),
    (
        ("Оплата", "Payment"),
        "custom",
        ("payment_details",),
        0.90,
        ("Заплатить привычным способом", "Pay in the usual way"),
        ("Платёж с первой попытки", "Payment at the first attempt"),
    ),
    (
        ("Покупка", "Purchase"),
        "purchase",
        ("purchase",),
        0.90,
        ("Знать, что заказ принят", "Know that the order is taken"),
        ("Вернуть за второй покупкой", "Bring them back for a second purchase"),
    ),
)
# Name, icon, owner, emotion, its label; by stage.
_POINTS: Final[tuple[tuple[tuple[Pair, str, str, float, str, str], ...], ...]] = (
    (
        (("Главная", "Home page"), "globe", "МК", 0.6, "curiosity", "home"),
        (("Каталог и фильтры", "Catalogue and filters"), "search", "НВ", 0.2, "", "catalog"),
    ),
    (
        (("Страница товара", "Product page"), "doc", "МК", 0.9, "interest", "product_view"),
        (("Сравнение", "Comparison"), "scales", "НВ", -0.4, "doubt", "compare"),
    ),
    ((("Кнопка «В корзину»", "“Add to cart” button"), "plus", "НВ", 1.0, "hope", "add_to_cart"),),
    ((("Страница корзины", "Cart page"), "doc", "НВ", -0.2, "", "cart"),),
    ((("Форма доставки", "Delivery form"), "map", "ЕЛ", -0.9, "anxiety", "shipping_details"),),
    (
        (("Форма оплаты", "Payment form"), "card", "ЕЛ", -1.6, "irritation", "payment_details"),
        (("Чат поддержки", "Support chat"), "headset", "ЕЛ", 0.1, "", "support_chat"),
    ),
    ((("Страница «Спасибо»", "“Thank you” page"), "check", "МК", 1.4, "relief", "purchase"),),
)
_ACTIONS: Final[tuple[Pair, ...]] = (
    ("Заходит с поиска или письма, листает каталог", "Comes from search or a letter, leafs through the catalogue"),
    ("Открывает карточки, сравнивает, читает отзывы", "Opens product pages, compares, reads reviews"),
    ("Кладёт в корзину и уходит подумать", "Puts it into the cart and goes to think"),
    ("Проверяет состав и сумму", "Checks the items and the sum"),
    ("Вводит адрес, выбирает день", "Enters the address, chooses the day"),
    ("Платит картой", "Pays by card"),
    ("Получает подтверждение", "Gets the confirmation"),
)
_THOUGHTS: Final[tuple[Pair, ...]] = (
    ("«Есть ли тут моё?»", "“Is there anything for me?”"),
    ("«Чем один лучше другого?»", "“Why is one better than the other?”"),
    ("«Пусть пока полежит»", "“Let it lie for a while”"),
    ("«А сколько выйдет всего?»", "“And how much is it in all?”"),
    ("«Зачем им столько полей?»", "“Why do they need so many fields?”"),
    ("«Деньги ушли или нет?»", "“Is the money gone or not?”"),
    ("«Готово, жду»", "“Done, I am waiting”"),
)
# Stage, title, kind of hole, severity, what the data say.
_PAINS: Final[tuple[tuple[int, Pair, str, int, Pair], ...]] = (
    (
        1,
        ("Смотрят, но не кладут в корзину", "They look but do not add to the cart"),
        "weak_content",
        3,
        (
            "Из 2 907 сеансов с карточкой товара корзиной закончились 1 213, то есть 42 %",
            "Of 2,907 sessions with a product page 1,213 came to the cart: 42 %",
        ),
    ),
    (
        3,
        ("Из корзины не доходят до доставки", "They leave between cart and delivery"),
        "overloaded_checkout",
        3,
        (
            "224 из 1 022 сеансов с корзиной не дошли до формы доставки",
            "224 of 1,022 sessions with a cart never reached the delivery form",
        ),
    ),
    (
        5,
        ("Платёж не проходит", "The payment fails"),
        "overloaded_checkout",
        5,
        (
            "После ошибки оплаты покупают 11 из 95, без ошибки 459 из 537",
            "After a payment error 11 of 95 buy, without one 459 of 537",
        ),
    ),
)
_OPPORTUNITIES: Final[tuple[tuple[int, Pair, str], ...]] = (
    (1, ("Сравнение двух товаров прямо на карточке", "Compare two items right on the product page"), "НВ"),
    (3, ("Полная сумма с доставкой уже в корзине", "The full sum with delivery already in the cart"), "НВ"),
    (5, ("Повтор платежа в один клик и второй способ оплаты рядом", "Retry in one click, and a second way to pay beside it"), "ЕЛ"),
)  # fmt: skip
_LANES: Final = (
    ("actions", ""), ("touchpoints", ""), ("thoughts", ""), ("emotion_curve", ""), ("pain_points", ""), ("opportunities", ""), ("metrics", ""),
    ("evidence", ("Откуда данные", "Where the data come from")),
)  # fmt: skip
_PERSONA: Final[dict[str, Any]] = {
    "key": "olga",
    "name": ("Ольга", "Olga"),
    "job_title": ("покупает для дома", "shops for the home"),
    "jtbd": ("Купить нужное за один вечер и не ошибиться", "Buy what is needed within an evening and make no mistake"),
    "goals": [("Найти подходящее", "Find what fits"), ("Понимать итоговую цену", "Know the final price")],
    "pains": [("Ошибки при оплате", "Errors at payment"), ("Длинные формы", "Long forms")],
    "decision_role": "decision_maker",
    "quote": ("«А сколько выйдет всего?»", "“And how much is it in all?”"),
}


def document(language: str) -> dict[str, Any]:
    """The whole map in one language."""
    rows = [(stage, place, point) for stage, points in enumerate(_POINTS) for place, point in enumerate(points)]
    return dict(
        told(
            {
                "format": "cjm.map",
                "version": 1,
                "map": {
                    "title": TITLE, "kind": "current_state", "language": language, "owner": EMAILS["НВ"], "currency": "RUB",
                    "scenario": NOTICE,
                },
                "personas": [_PERSONA],
                "map_personas": [{"persona": "olga", "colour": 2, "order": 0}],
                "stages": [_stage(number) for number in range(len(_STAGES))],
                "lanes": [{"key": kind, "kind": kind, "title": title} for kind, title in _LANES],
                "channels": [{"key": "shop", "code": "shop", "name": ("Магазин", "Shop"), "group": "digital"}],
                "touchpoints": [
                    {"key": f"t{stage}-{place}", "name": point[0], "code": f"shop-{point[5]}", "icon": point[1], "channel": "shop"}
                    for stage, place, point in rows
                ],
                "placements": [
                    {
                        "key": f"tp{stage}-{place}", "touchpoint": f"t{stage}-{place}", "stage": f"s{stage}",
                        "owner": EMAILS[point[2]], "event": point[5],
                    }
                    for stage, place, point in rows
                ],
                "emotion_points": [
                    {
                        "stage": f"s{stage}", "placement": f"tp{stage}-{place}", "persona": "olga", "valence": str(point[3]),
                        "labels": [point[4]] if point[4] else [], "source": "assumed",
                    }
                    for stage, place, point in rows
                ],
                "pain_points": [
                    {"key": f"b{stage}", "stage": f"s{stage}", "title": title, "hole_kind": kind, "severity": severity}
                    for stage, title, kind, severity, _fact in _PAINS
                ],
                "evidence": [
                    {"key": f"v{stage}", "kind": "analytics", "quote": fact, "source": ("События магазина", "Events of the shop"), "in_customer_words": False}
                    for stage, _title, _kind, _severity, fact in _PAINS
                ],
                "pain_evidence": [{"pain": f"b{row[0]}", "evidence": f"v{row[0]}"} for row in _PAINS],
                "opportunities": [
                    {"key": f"o{stage}", "stage": f"s{stage}", "pain": f"b{stage}", "how_might_we": text, "owner": EMAILS[owner]}
                    for stage, text, owner in _OPPORTUNITIES
                ],
                "cards": _cards(),
            },
            language,
        )
    )  # fmt: skip


def _stage(number: int) -> dict[str, Any]:
    name, canonical, events, benchmark, customer, company = _STAGES[number]
    stage = {
        "key": f"s{number}", "name": name, "canonical": canonical, "customer_goal": customer, "company_goal": company,
        "targets": [{"name": event, "event": event} for event in events],
    }  # fmt: skip
    return stage | ({"conversion_benchmark": benchmark} if benchmark else {})


def _cards() -> list[dict[str, Any]]:
    lanes = (("actions", _ACTIONS), ("thoughts", _THOUGHTS))
    cards = [{"lane": lane, "stage": f"s{stage}", "text": text} for lane, texts in lanes for stage, text in enumerate(texts)]
    return [*cards, {"lane": "evidence", "stage": "s0", "text": NOTICE}]
