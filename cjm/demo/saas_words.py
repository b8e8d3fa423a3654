"""What is written on the map of Сергей, stage by stage. Pairs: Russian, English. Quotes stand in `saas_quotes`."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from typing import Any, Final

from .events import Pair
from .saas_quotes import QUOTES

PERSONA: Final[dict[str, Any]] = {
    "name": ("Сергей", "Sergey"),
    "job_title": ("директор по продажам", "sales director"),
    "company_size": ("B2B, 50–200 человек, длинный цикл сделки", "B2B, 50–200 people, a long deal cycle"),
    "jtbd": (
        "Видеть настоящую картину по воронке и работе менеджеров, чтобы выполнять план без ручных сводок",
        "See the real state of the funnel and of the managers' work, to make the plan without spreadsheets by hand",
    ),
    "decision_role": "decision_maker",
    "goals": [
        ("Реальная картина по воронке", "A real picture of the funnel"),
        ("Контроль работы менеджеров", "Control of the managers' work"),
        ("Выполнение плана продаж", "Making the sales plan"),
    ],
    "pains": [
        ("Хаос в Excel", "Chaos in Excel"),
        ("Потерянные контакты и сделки", "Lost contacts and deals"),
        ("Непонятно, почему не выполнен план", "Nobody knows why the plan was missed"),
    ],
    "motivations": [
        ("Рост выручки", "Growing revenue"),
        ("Спокойствие перед советом директоров", "Peace of mind before the board"),
    ],
    "information_sources": [
        ("Поиск", "Search"),
        ("Советы коллег", "Advice of colleagues"),
        ("Отраслевые мероприятия", "Industry events"),
    ],
    "objections": (
        "Не доверяет облаку, боится сложного внедрения и сопротивления команды",
        "Sceptical of the cloud, fears a complex rollout and a team that resists",
    ),
    "selection_criteria": (
        "Подходит под свои этапы, обмен с 1С, срок запуска, поддержка на русском",
        "Fits the company's own stages, exchange with 1C, time to launch, support",
    ),
    "decision_speed": ("1–3 месяца, с согласованием", "1–3 months, with approvals"),
    "quote": ("«Почему отдел продаж не выполняет план?»", "“Why does the sales team miss its plan?”"),
    "bio": (
        "12 лет в продажах, три года руководит отделом из девяти менеджеров. Отчёты собирает сам по пятницам.",
        "Twelve years in sales, has led a team of nine for three years. Puts the reports together himself on Fridays.",
    ),
    "traits": [
        {"name": ("Доверие к новому", "Trust in the new"), "value": -40},
        {"name": ("Опора на цифры", "Relies on figures"), "value": 70},
        {"name": ("Терпение", "Patience"), "value": -20},
    ],
}

STAGES: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": ("Осознание", "Awareness"), "canonical": "awareness", "subtitle": ("До создания лида", "Before the lead"),
        "customer_goal": ("Понять, почему продажи не растут", "Understand why sales do not grow"),
        "company_goal": ("Быть источником экспертизы", "Be a source of expertise"),
    },
    {
        "name": ("Исследование", "Consideration"), "canonical": "consideration", "conversion_benchmark": 0.10,
        "subtitle": ("Новый лид, Квалификация", "New lead, Qualification"),
        "customer_goal": ("Сравнить подходы и собрать критерии", "Compare approaches and collect criteria"),
        "company_goal": ("Показать экспертизу, взять контакт", "Show expertise, get the contact"),
    },
    {
        "name": ("Решение", "Decision"), "canonical": "decision", "conversion_benchmark": 0.30,
        "subtitle": ("Переговоры, КП", "Negotiation, Proposal"),
        "customer_goal": ("Убедиться, что команда справится", "Make sure that the team will cope"),
        "company_goal": ("Закрыть возражения, упростить выбор", "Close objections, simplify the choice"),
    },
    {
        "name": ("Покупка", "Purchase"), "canonical": "purchase", "conversion_benchmark": 0.25,
        "subtitle": ("Закрытие сделки", "Deal closing"),
        "customer_goal": ("Быстро согласовать и оплатить", "Agree and pay quickly"),
        "company_goal": ("Просто, быстро, прозрачно", "Simple, fast, transparent"),
    },
    {
        "name": ("Внедрение", "Onboarding"), "canonical": "onboarding", "conversion_benchmark": 0.75,
        "subtitle": ("Onboarding pipeline", "Onboarding pipeline"),
        "customer_goal": ("Запустить CRM и научить команду", "Launch the CRM and teach the team"),
        "company_goal": ("Довести до первой сделки в CRM", "Lead to the first deal in the CRM"),
    },
    {
        "name": ("Лояльность", "Loyalty"), "canonical": "loyalty", "conversion_benchmark": 0.80,
        "subtitle": ("Account management", "Account management"),
        "customer_goal": ("Видеть результаты каждый день", "See results every day"),
        "company_goal": ("Удержание и расширение", "Retention and growth"),
    },
    {
        "name": ("Адвокация", "Advocacy"), "canonical": "advocacy", "conversion_benchmark": 0.20,
        "subtitle": ("Account management", "Account management"),
        "customer_goal": ("Помочь коллегам", "Help colleagues"),
        "company_goal": ("Отзывы, кейсы и рекомендации", "Reviews, cases and referrals"),
    },
)  # fmt: skip

ACTIONS: Final[tuple[Pair, ...]] = (
    (
        "Гуглит «как увеличить продажи», читает статьи, обсуждает с коллегами",
        "Googles “how to grow sales”, reads articles, asks colleagues",
    ),
    (
        "Сравнивает CRM-системы, скачивает whitepapers, идёт на вебинар",
        "Compares CRM systems, downloads whitepapers, joins a webinar",
    ),
    ("Запрашивает демо, обсуждает с командой и руководством", "Asks for a demo, discusses it with the team and the boss"),
    ("Согласует бюджет, подписывает договор", "Gets the budget approved, signs the contract"),
    ("Настраивает CRM, обучает команду", "Sets up the CRM, trains the team"),
    ("Использует ежедневно, видит результаты", "Uses it every day, sees results"),
    ("Рекомендует коллегам, участвует в кейсах", "Recommends it to colleagues, takes part in cases"),
)
THOUGHTS: Final[tuple[Pair, ...]] = (
    ("«Почему отдел продаж не выполняет план?»", "“Why does the sales team miss its plan?”"),
    ("«Может, нам вообще не нужна CRM, достаточно Excel?»", "“Maybe we need no CRM at all and Excel will do?”"),
    ("«А у нас команда с этим справится?»", "“Will our team cope with it?”"),
    ("«Решение принято, почему так долго?»", "“It is decided, why does it take so long?”"),
    ("«Наконец-то внедрили! … Почему так сложно?»", "“At last we have it! … Why is it so hard?”"),
    ("«Вижу реальную картину по воронке»", "“I see the real state of the funnel”"),
    ("«Коллегам стоит это показать»", "“I should show this to colleagues”"),
)
EXPECTATIONS: Final[tuple[Pair, ...]] = (
    ("Найти понятное объяснение", "Find a clear explanation"),
    ("Критерии выбора, сравнение", "Criteria of choice, a comparison"),
    ("Показать на наших этапах", "Show it on our own stages"),
    ("Подпись за 3 дня", "A signature within 3 days"),
    ("Команда работает через неделю", "The team works in it within a week"),
    ("Советы по делу, не спам", "Advice to the point, no spam"),
    ("Приятно, когда спрашивают", "It is nice to be asked"),
)
BACKSTAGE: Final[tuple[Pair, ...]] = (
    ("Контент-план, редактор правит раз в квартал", "Content plan, the editor revises it once a quarter"),
    ("Квалификация лида за 15 минут", "A lead is qualified within 15 minutes"),
    ("Пресейл собирает стенд, КП ждёт прайс 2 дня", "Presale builds a stand, the proposal waits 2 days for prices"),
    ("Юрист держит договор 9 дней из 14", "The lawyer holds the contract 9 days out of 14"),
    ("Внедренец ведёт 11 компаний сразу", "One consultant leads 11 companies at once"),
    ("CSM смотрит активность по понедельникам", "The success manager looks at activity on Mondays"),
    ("PR согласует кейс", "PR approves the case"),
)
SYSTEMS: Final[tuple[tuple[Pair, ...], ...]] = (
    (("CMS", "CMS"), ("Веб-аналитика", "Web analytics")),
    (("Формы", "Forms"), ("Рассылки", "Mailings"), ("Вебинары", "Webinars")),
    (("CRM", "CRM"), ("Телефония", "Telephony")),
    (("ЭДО", "E-signing"), ("1С", "1C")),
    (("LMS", "LMS"), ("Helpdesk", "Helpdesk")),
    (("Продукт", "Product"), ("Биллинг", "Billing")),
    (("Опросы", "Surveys"),),
)

# Stage, text, owner. One or more a stage.
OPPORTUNITIES: Final[tuple[tuple[int, Pair, str], ...]] = (
    (0, ("Один материал с деревом выбора", "One guide with a decision tree"), "МК"),
    (1, ("Чек-лист «CRM под ваши процессы» за 5 минут", "Checklist “A CRM for your processes” in 5 minutes"), "МК"),
    (
        2,
        (
            "Показать план внедрения на 14 дней прямо на демо и дать расчёт под процесс клиента",
            "Show a 14-day rollout plan right at the demo, with figures for the customer's own process",
        ),
        "ОТ",
    ),
    (3, ("Типовой договор и подпись в ЭДО", "A standard contract, signed electronically"), "ЕЛ"),
    (4, ("Личная настройка воронки за 48 часов", "Personal set-up of the funnel within 48 hours"), "ПР"),
    (5, ("Дорожная карта и голосование", "A roadmap with votes"), "НВ"),
    (6, ("Интервью вместо формы отзыва", "An interview instead of a review form"), "ДШ"),
)

PAINS: Final[tuple[dict[str, Any], ...]] = (
    {
        "title": ("Много информации, непонятно что выбрать", "Too much information, unclear what to choose"),
        "hole_kind": "weak_content", "severity": 3, "monthly_loss": "390000.00", "quotes": QUOTES[0],
    },
    {
        "title": ("Непонятно, подойдёт ли под наши процессы", "Unclear whether it fits our processes"),
        "hole_kind": "promise_mismatch", "severity": 3, "monthly_loss": "400000.00", "quotes": QUOTES[1],
        "hole": {
            "kind": "communication", "sessions": 10000, "conversion_was": "0.025", "conversion_is": "0.02", "average_cheque": "8000",
        },
    },
    {
        "title": ("Боится сложного внедрения", "Fears a complex rollout"),
        "hole_kind": "slow_response", "severity": 5, "monthly_loss": "2400000.00", "quotes": QUOTES[2],
    },
    {
        "title": ("Долгое согласование документов", "Slow paperwork"),
        "hole_kind": "long_paperwork", "severity": 4, "monthly_loss": "1410000.00", "quotes": QUOTES[3],
    },
    {
        "title": ("Много настроек, команда сопротивляется", "Many settings, the team resists"),
        "hole_kind": "complex_setup", "severity": 5, "monthly_loss": "1880000.00", "quotes": QUOTES[4],
    },
    {"title": ("Хочется больше фич", "Wants more features"), "hole_kind": "other", "severity": 2, "quotes": QUOTES[5]},
    {"title": ("Некогда писать отзыв", "No time to write a review"), "hole_kind": "other", "severity": 1, "quotes": QUOTES[6]},
)  # fmt: skip

TRAINING_FACTS: Final[dict[str, Any]] = {
    "expectations": [
        ("Команда заработает в CRM за неделю", "The team works in the CRM within a week"),
        ("Покажут на наших сделках", "They show it on our own deals"),
    ],
    "experience": [
        (
            "Шесть уроков на чужом примере, менеджеры возвращаются в Excel",
            "Six lessons on somebody else's example, the managers go back to Excel",
        )
    ],
    "barriers": [
        ("Много настроек", "Many settings"),
        ("Учебный пример не похож на нашу воронку", "The example is unlike our funnel"),
    ],
    "needs": [("Личная помощь в первые дни", "Personal help in the first days")],
    "systems": [("LMS", "LMS"), ("Helpdesk", "Helpdesk")],
    "customer_action": ("Проходит уроки и зовёт команду", "Takes the lessons and calls the team in"),
    "customer_thought": ("«Наконец-то внедрили! … Почему так сложно?»", "“At last we have it! … Why is it so hard?”"),
    "process_note": ("Внедренец ведёт 11 компаний сразу", "One consultant leads 11 companies at once"),
}

SCENARIO: Final[Pair] = (
    "От «как увеличить продажи» до рекомендации коллегам: выбор и внедрение CRM в компании на 50–200 человек.",
    "From “how to grow sales” to recommending us: choosing and rolling out a CRM in a company of 50–200 people.",
)
CHANNELS: Final[dict[str, tuple[Pair, str]]] = {
    "blog": (("Блог", "Blog"), "digital"), "seo": (("Поиск", "Search"), "digital"), "landing": (("Лендинг", "Landing page"), "digital"),
    "website": (("Сайт", "Website"), "digital"), "webinar": (("Вебинар", "Webinar"), "human"),
    "meeting_online": (("Встреча онлайн", "Online meeting"), "human"), "call_out": (("Исходящий звонок", "Outbound call"), "human"),
    "email_transactional": (("Служебное письмо", "Transactional e-mail"), "digital"), "newsletter": (("Рассылка", "Newsletter"), "digital"),
    "training_video": (("Обучающее видео", "Training video"), "product"), "support_ticket": (("Заявка в поддержку", "Support ticket"), "human"),
    "product_ui": (("Интерфейс продукта", "Product interface"), "product"), "messenger": (("Мессенджер", "Messenger"), "digital"),
}  # fmt: skip
