"""What can happen to a customer of the demo: each event with its channel, its touchpoint and what it was about. Pure."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from dataclasses import dataclass
from typing import Final

Pair = tuple[str, str]  # Russian, English


@dataclass(frozen=True)
class Kind:
    """An event as it is sent. `titles` say what exactly was read, downloaded or answered."""

    event: str
    channel: str
    touchpoint: Pair
    titles: tuple[Pair, ...] = ()


BLOG: Final = ("Блог", "Blog")
SEARCH: Final = ("SEO, поиск", "SEO, search")
LANDING: Final = ("Лендинг", "Landing page")
PAPERS: Final = ("Whitepapers", "Whitepapers")
WEBINAR: Final = ("Вебинар", "Webinar")
DEMO: Final = ("Демо", "Demo")
CALL: Final = ("Звонок менеджера", "Manager's call")
PROPOSAL: Final = ("КП", "Proposal")
CONTRACT: Final = ("Договор", "Contract")
PAYMENT: Final = ("Оплата", "Payment")
WELCOME: Final = ("Welcome email", "Welcome email")
TRAINING: Final = ("Обучение команды", "Team training")
SUPPORT: Final = ("Поддержка", "Support")
PRODUCT: Final = ("Продукт", "Product")
NEWS: Final = ("Рассылки", "Newsletters")
REVIEWS: Final = ("Отзывы, кейсы", "Reviews, cases")
REFERRALS: Final = ("Рекомендации", "Referrals")

ARTICLES: Final = (
    ("Почему отдел продаж не выполняет план", "Why the sales team misses its plan"),
    ("Как увеличить продажи без новых менеджеров", "How to sell more without hiring"),
    ("Excel или CRM: когда пора", "Excel or a CRM: when it is time"),
    ("Семь признаков, что сделки теряются", "Seven signs that deals get lost"),
    ("Воронка, которой можно верить", "A funnel you can trust"),
)
GUIDES: Final = (
    ("Выбор CRM: 30 вопросов поставщику", "Choosing a CRM: 30 questions to ask"),
    ("Внедрение без сопротивления команды", "A rollout that the team accepts"),
    ("Калькулятор окупаемости CRM", "CRM return calculator"),
    ("CRM в логистике: разбор", "CRM in logistics: a case"),
    ("Чек-лист перехода с Excel", "Checklist for leaving Excel"),
)
WEBINARS: Final = (
    ("CRM без сопротивления команды", "A CRM that the team does not fight"),
    ("Воронка за один день", "A funnel in one day"),
    ("Как считать план по этапам", "Planning sales stage by stage"),
)

KINDS: Final[dict[str, Kind]] = {
    "article": Kind("article_read", "blog", BLOG, ARTICLES),
    "search": Kind(
        "search_visit",
        "seo",
        SEARCH,
        (("Запрос «как увеличить продажи»", "Query “how to grow sales”"), ("Запрос «CRM для B2B»", "Query “CRM for B2B”")),
    ),
    "ad": Kind("ad_clicked", "ads_context", LANDING, (("Объявление «CRM за 14 дней»", "Ad “CRM in 14 days”"),)),
    "social": Kind("post_opened", "social", BLOG, (("Пост «Три письма, которые вернули сделку»", "Post “Three letters that saved a deal”"),)),
    "page": Kind("page_viewed", "website", LANDING, (("Главная", "Home page"), ("Возможности", "Features"), ("Отрасли", "Industries"))),
    "form": Kind("form_submitted", "landing", LANDING, (("Заявка на лендинге", "Request on the landing page"),)),
    "guide": Kind("whitepaper_downloaded", "website", PAPERS, GUIDES),
    "webinar": Kind("webinar_attended", "webinar", WEBINAR, WEBINARS),
    "letter": Kind("email_opened", "email_nurture", NEWS, (("Письмо с кейсом отрасли", "Letter with a case of the industry"),)),
    "prices": Kind("pricing_viewed", "website", LANDING, (("Страница цен", "Pricing page"),)),
    "case": Kind("case_read", "website", REVIEWS, (("Кейс: 40 менеджеров за месяц", "Case: 40 managers in a month"),)),
    "integration": Kind("integration_viewed", "website", PRODUCT, (("Страница «Интеграция с 1С»", "Page “1C integration”"),)),
    "compare": Kind("comparison_read", "website", LANDING, (("Сравнение с двумя системами и Excel", "Comparison with two systems and Excel"),)),
    "demo_asked": Kind("demo_requested", "website", DEMO, (("Запросил демо", "Asked for a demo"),)),
    "demo": Kind("demo_held", "meeting_online", DEMO, (("Демо прошло", "Demo held"),)),
    "csat": Kind("csat_answered", "email_transactional", DEMO, (("CSAT после демо", "CSAT after the demo"),)),
    "call": Kind("call_held", "call_out", CALL, (("Звонок менеджера", "Manager's call"),)),
    "proposal": Kind("proposal_sent", "email_transactional", PROPOSAL, (("Получил КП", "Got the proposal"),)),
    "proposal_open": Kind("proposal_opened", "email_transactional", PROPOSAL, (("Открыл КП", "Opened the proposal"),)),
    "lost": Kind("deal_lost", "call_out", CALL, ()),
    "agreed": Kind("deal_agreed", "meeting_online", CONTRACT, (("Согласовали условия", "Terms agreed"),)),
    "contract": Kind("contract_sent", "email_transactional", CONTRACT, (("Договор отправлен", "Contract sent"),)),
    "signed": Kind("contract_signed", "email_transactional", CONTRACT, (("Договор подписан", "Contract signed"),)),
    "paid": Kind("payment_received", "website", PAYMENT, (("Оплата прошла", "Payment received"),)),
    "setup": Kind("setup_started", "product_ui", PRODUCT, (("Настройка воронки начата", "Set-up of the funnel started"),)),
    "welcome": Kind("welcome_opened", "email_transactional", WELCOME, (("Первое письмо: с чего начать", "First letter: where to begin"),)),
    "lesson": Kind(
        "lesson_completed",
        "training_video",
        TRAINING,
        (("Урок 1: воронка", "Lesson 1: the funnel"), ("Урок 2: сделки", "Lesson 2: deals"), ("Урок 3: отчёты", "Lesson 3: reports")),
    ),
    "ticket": Kind("ticket_solved", "support_ticket", SUPPORT, (("Обращение решено", "Request solved"),)),
    "stalled": Kind("setup_stalled", "product_ui", TRAINING, ()),
    "first_deal": Kind("first_deal_closed", "product_ui", PRODUCT, (("Первая сделка закрыта в CRM", "First deal closed in the CRM"),)),
    "team": Kind("team_active", "product_ui", PRODUCT, (("Вся команда работает в CRM", "The whole team works in the CRM"),)),
    "used": Kind("report_opened", "product_ui", PRODUCT, (("Открыл отчёт по воронке", "Opened the funnel report"),)),
    "news": Kind("newsletter_opened", "newsletter", NEWS, (("Новости продукта", "Product news"),)),
    "nps": Kind("nps_answered", "in_app", PRODUCT, (("Опрос NPS, 30-й день", "NPS survey, day 30"),)),
    "churn": Kind("subscription_cancelled", "call_out", PRODUCT, ()),
    "review": Kind("review_left", "website", REVIEWS, (("Оставил отзыв", "Left a review"),)),
    "referral": Kind("referral_made", "messenger", REFERRALS, (("Порекомендовал коллеге", "Recommended to a colleague"),)),
}  # fmt: skip

# Stage by stage, from awareness to advocacy: the events that put a customer there.
TARGETS: Final[tuple[tuple[str, ...], ...]] = (
    ("article", "search", "ad", "social", "page"),
    ("form", "guide", "webinar", "compare"),
    ("demo_asked", "demo"),
    ("agreed",),
    ("setup",),
    ("team",),
    ("review", "referral"),
)

LOST_REASONS: Final = (
    (("Боятся сложного внедрения", "Fear of a complex rollout"), 0.30),
    (("Не подошло под процессы", "Does not fit the processes"), 0.22),
    (("Выбрали другую систему", "Chose another system"), 0.18),
    (("Новый прайс: дорого", "New price list: too expensive"), 0.15),
    (("Отложили до следующего года", "Put off until next year"), 0.15),
)
CHURN_REASONS: Final = (
    (("Команда не перешла на CRM", "The team did not move to the CRM"), 0.35),
    (("Сложная настройка", "Complex set-up"), 0.25),
    (("Не подошло под процессы", "Does not fit the processes"), 0.16),
    (("Ушёл инициатор", "The initiator left"), 0.10),
    (("Цена", "Price"), 0.08),
    (("Другое", "Other"), 0.06),
)
