"""The people of the demo: who works there, and the names of customers and companies. Pairs: Russian, English. Pure."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from typing import Final

import numpy as np

from .events import Pair

# Mark, name, role, function, duties, colour.
MEMBERS: Final[tuple[tuple[str, Pair, str, str, tuple[str, ...], int], ...]] = (
    ("МК", ("Мария Ковалёва", "Maria Kovaleva"), "owner", "marketing", ("marketing",), 1),
    ("ДШ", ("Дина Шарипова", "Dina Sharipova"), "admin", "marketing", ("account_manager",), 3),
    ("ОТ", ("Олег Титов", "Oleg Titov"), "editor", "sales", ("sales",), 6),
    ("ПР", ("Павел Рогов", "Pavel Rogov"), "editor", "product", (), 2),
    ("НВ", ("Никита Власов", "Nikita Vlasov"), "editor", "product", (), 5),
    ("ЕЛ", ("Елена Лунина", "Elena Lunina"), "editor", "support", ("support_head",), 4),
)
EMAILS: Final = {
    "МК": "maria@demo.example", "ДШ": "dina@demo.example", "ОТ": "oleg@demo.example", "ПР": "pavel@demo.example",
    "НВ": "nikita@demo.example", "ЕЛ": "elena@demo.example",
}  # fmt: skip

_MEN: Final = (
    ("Алексей", "Alexey"), ("Андрей", "Andrey"), ("Антон", "Anton"), ("Виктор", "Viktor"), ("Денис", "Denis"), ("Дмитрий", "Dmitry"),
    ("Евгений", "Evgeny"), ("Игорь", "Igor"), ("Илья", "Ilya"), ("Кирилл", "Kirill"), ("Максим", "Maxim"), ("Михаил", "Mikhail"),
    ("Роман", "Roman"), ("Сергей", "Sergey"), ("Станислав", "Stanislav"), ("Тимур", "Timur"), ("Фёдор", "Fedor"), ("Юрий", "Yury"),
)  # fmt: skip
_WOMEN: Final = (
    ("Алина", "Alina"), ("Анна", "Anna"), ("Вера", "Vera"), ("Дарья", "Daria"), ("Екатерина", "Ekaterina"), ("Ирина", "Irina"),
    ("Ксения", "Ksenia"), ("Лариса", "Larisa"), ("Марина", "Marina"), ("Наталья", "Natalia"), ("Ольга", "Olga"), ("Светлана", "Svetlana"),
)  # fmt: skip
_LAST: Final = (
    ("Абрамов", "Abramov"), ("Беляев", "Belyaev"), ("Виноградов", "Vinogradov"), ("Громов", "Gromov"), ("Давыдов", "Davydov"),
    ("Ершов", "Ershov"), ("Жданов", "Zhdanov"), ("Зимин", "Zimin"), ("Калинин", "Kalinin"), ("Лаптев", "Laptev"), ("Макаров", "Makarov"),
    ("Носов", "Nosov"), ("Орлов", "Orlov"), ("Панов", "Panov"), ("Рябов", "Ryabov"), ("Сафонов", "Safonov"), ("Тихонов", "Tikhonov"),
    ("Ушаков", "Ushakov"), ("Фомин", "Fomin"), ("Харитонов", "Kharitonov"), ("Цветков", "Tsvetkov"), ("Чернов", "Chernov"),
    ("Шубин", "Shubin"), ("Щукин", "Shchukin"), ("Яковлев", "Yakovlev"), ("Гаврилов", "Gavrilov"), ("Ефимов", "Efimov"),
    ("Мельников", "Melnikov"), ("Пахомов", "Pakhomov"), ("Соболев", "Sobolev"),
)  # fmt: skip
_FIRST_WORDS: Final = (
    ("Северный", "Severny"), ("Балтийский", "Baltiysky"), ("Уральский", "Uralsky"), ("Волжский", "Volzhsky"), ("Сибирский", "Sibirsky"),
    ("Первый", "Pervy"), ("Новый", "Novy"), ("Большой", "Bolshoy"), ("Единый", "Ediny"), ("Надёжный", "Nadezhny"), ("Городской", "Gorodskoy"),
    ("Столичный", "Stolichny"), ("Полярный", "Polyarny"), ("Донской", "Donskoy"), ("Невский", "Nevsky"), ("Восточный", "Vostochny"),
)  # fmt: skip
_SECOND_WORDS: Final = (
    ("склад", "Sklad"), ("станок", "Stanok"), ("кабель", "Kabel"), ("транзит", "Tranzit"), ("металл", "Metall"), ("вектор", "Vektor"),
    ("квартал", "Kvartal"), ("контур", "Kontur"), ("берег", "Bereg"), ("маршрут", "Marshrut"), ("пролив", "Proliv"), ("завод", "Zavod"),
    ("терминал", "Terminal"), ("резерв", "Rezerv"), ("сервис", "Servis"), ("альянс", "Alyans"),
)  # fmt: skip
INDUSTRIES: Final[tuple[Pair, ...]] = (
    ("логистика", "logistics"), ("производство", "manufacturing"), ("ИТ", "IT"), ("опт", "wholesale"), ("строительство", "construction"),
    ("образование", "education"), ("медицина", "healthcare"),
)  # fmt: skip
CITIES: Final[tuple[Pair, ...]] = (
    ("Москва", "Moscow"), ("Санкт-Петербург", "Saint Petersburg"), ("Екатеринбург", "Yekaterinburg"), ("Казань", "Kazan"),
    ("Новосибирск", "Novosibirsk"), ("Нижний Новгород", "Nizhny Novgorod"), ("Самара", "Samara"), ("Ростов-на-Дону", "Rostov-on-Don"),
)  # fmt: skip
JOBS: Final[tuple[tuple[Pair, float], ...]] = (
    (("Директор по продажам", "Sales director"), 0.5),
    (("Директор по маркетингу", "Marketing director"), 0.16),
    (("Коммерческий директор", "Commercial director"), 0.14),
    (("ИТ-директор", "IT director"), 0.1),
    (("Владелец", "Owner"), 0.1),
)
SIZES: Final = (60, 80, 100, 120, 150, 180, 220, 300)


def name_of(draw: np.random.Generator) -> tuple[Pair, str]:
    """A person: the name in both languages, and the part of an e-mail address before the sign."""
    is_man = draw.random() < 0.6
    first = (_MEN if is_man else _WOMEN)[int(draw.integers(len(_MEN if is_man else _WOMEN)))]
    last = _LAST[int(draw.integers(len(_LAST)))]
    ending = "" if is_man else "а"
    full = (f"{first[0]} {last[0]}{ending}", f"{first[1]} {last[1]}{'' if is_man else 'a'}")
    return full, f"{first[1]}.{last[1]}".lower()


def company_of(number: int) -> Pair:
    """The name of company `number`; from the 257th on they carry a number."""
    first = _FIRST_WORDS[number % len(_FIRST_WORDS)]
    second = _SECOND_WORDS[number // len(_FIRST_WORDS) % len(_SECOND_WORDS)]
    again = number // (len(_FIRST_WORDS) * len(_SECOND_WORDS))
    tail = f"-{again + 1}" if again else ""
    return f"{first[0]} {second[0]}{tail}", f"{first[1]} {second[1]}{tail}"
