"""What each lane, and each way to measure, is: two sentences and one example in both languages."""

from workspaces.explanations import Explanation, install

from .models import Lane, Metric

K = Lane.Kind
Q = Metric.Query
T = Metric.Type

LANES: dict[str, Explanation] = {
    K.ACTIONS: Explanation(
        "Что клиент делает на этапе: только факты, которые можно увидеть. Одна карточка — одно действие.",
        "Запрашивает демо и обсуждает его с командой.",
        "What the customer does at this stage: only facts that can be seen. One card is one action.",
        "Asks for a demo and discusses it with the team.",
    ),
    K.THOUGHTS: Explanation(
        "О чём клиент думает, его словами. Берите из разговоров и звонков, а не из догадок.",
        "«Может, нам достаточно Excel?»",
        "What the customer thinks, in the customer's words. Take it from talks and calls, not from guesses.",
        "“Maybe Excel will do for us?”",
    ),
    K.EXPECTATIONS: Explanation(
        "Чего клиент ждёт на этапе. Разрыв между ожиданием и опытом — главное, что показывает карта.",
        "Ответ на заявку в тот же день.",
        "What the customer expects at this stage. The gap between expectation and experience is what the map is for.",
        "An answer to the request on the same day.",
    ),
    K.NEEDS: Explanation(
        "Что клиенту нужно, чтобы двинуться дальше. Потребность остаётся, даже если решение сменится.",
        "Убедить руководителя цифрами.",
        "What the customer needs in order to move on. A need stays even when the solution changes.",
        "To convince the boss with figures.",
    ),
    K.TOUCHPOINTS: Explanation(
        "Где клиент встречается с компанией: страница, письмо, звонок, договор. У каждой точки есть владелец и метрика.",
        "Страница тарифов, владелец — маркетинг, метрика — переход к оплате.",
        "Where the customer meets the company: a page, a letter, a call, a contract. Each has an owner and a metric.",
        "The pricing page, owned by marketing, measured by the step to payment.",
    ),
    K.CHANNELS: Explanation(
        "Через что идёт контакт: сайт, почта, телефон, продукт. Клиент меняет каналы много раз, а опыт у него один.",
        "Прочитал письмо в телефоне, ответил звонком.",
        "What the contact goes through: site, e-mail, phone, product. Customers switch channels often, the experience is one.",
        "Read the letter on the phone, answered with a call.",
    ),
    K.EMOTION_CURVE: Explanation(
        "Что клиент чувствует от начала пути до конца, от −2 до +2. Провалы улучшают первыми, взлёты усиливают.",
        "Онбординг: энтузиазм, потом фрустрация, потом успех.",
        "What the customer feels along the path, from −2 to +2. Dips are the first to be improved, peaks are worth amplifying.",
        "Onboarding: enthusiasm, then frustration, then success.",
    ),
    K.EMOTIONS: Explanation(
        "Чувства клиента словами. Спрашивайте, а не угадывайте: интервью, отзывы, записи звонков.",
        "Тревога после письма с ценой.",
        "The customer's feelings in words. Ask, do not guess: interviews, feedback, call recordings.",
        "Anxiety after the letter with the price.",
    ),
    K.PAIN_POINTS: Explanation(
        "Где у клиента болит и что его останавливает; отмечено красным. Рядом стоят цитаты и цена в деньгах за месяц.",
        "Договор согласуют две недели: 8 цитат, 1,4 млн ₽ в месяц.",
        "Where it hurts and what stops the customer; marked red. Quotes and the price per month stand beside it.",
        "The contract takes two weeks to approve: 8 quotes, ₽1.4M a month.",
    ),
    K.BARRIERS: Explanation(
        "Что мешает клиенту сделать следующий шаг, даже если ничего не болит. Записывайте со слов клиентов.",
        "Без юриста договор не подписать.",
        "What keeps the customer from the next step even where nothing hurts. Write it down in the customers' words.",
        "No signature without the lawyer.",
    ),
    K.OPPORTUNITIES: Explanation(
        "Как сделать этап лучше: упростить, ускорить, добавить недостающее. С метрикой возможность становится гипотезой.",
        "Типовой договор и электронная подпись.",
        "How the stage could be better: simplify, speed up, add what is missing. With a metric it becomes a hypothesis.",
        "A standard contract and an electronic signature.",
    ),
    K.HYPOTHESES: Explanation(
        "Что мы проверяем: утверждение, метрика, ожидаемый прирост, способ проверки, владелец. Нет метрики — нет гипотезы.",
        "Если отвечать за час, до демо дойдёт на 5 п.п. больше; A/B-тест.",
        "What is being tested: statement, metric, expected lift, way to verify, owner. No metric, no hypothesis.",
        "If we answer within an hour, 5 pp more reach the demo; A/B test.",
    ),
    K.METRICS: Explanation(
        "Цифры этапа: живые из событий или введённые вручную с датой. Рядом с цифрой видны цель и возраст данных.",
        "Активация 60 % при цели 75 %, данные на 14:20.",
        "The stage's figures: live from events, or typed by hand with a date. The target and the age stand beside them.",
        "Activation 60% with a target of 75%, data as of 14:20.",
    ),
    K.INSIGHTS: Explanation(
        "Вывод из исследования, который меняет решение. У вывода видно, проверен он или это предположение.",
        "Решение о покупке принимают втроём, а письма получает один.",
        "A finding that changes a decision. It says whether it is validated or an assumption.",
        "Three people decide about the purchase, one gets the letters.",
    ),
    K.EVIDENCE: Explanation(
        "На чём стоит карта: интервью, звонки, опросы, обращения. Лучшее свидетельство — слова самого клиента.",
        "«Ждали КП четыре дня и выбрали других», интервью 7.",
        "What the map stands on: interviews, calls, surveys, tickets. The best evidence is the customer's own words.",
        "“We waited four days for the proposal and chose others”, interview 7.",
    ),
    K.OWNERS: Explanation(
        "Кто отвечает за этап и точки на нём. Владелец ведёт гипотезы, проверки и итоговый эффект.",
        "КП — руководитель продаж.",
        "Who answers for the stage and its touchpoints. The owner keeps hypotheses, tests and the final effect.",
        "The proposal: the head of sales.",
    ),
    K.STORYBOARD: Explanation(
        "Этап картинкой или коротким сюжетом. Помогает увидеть клиента, а не процесс.",
        "Сергей вечером сводит таблицы менеджеров.",
        "The stage as a picture or a short story. It helps to see the customer, not the process.",
        "Sergey merges the managers' spreadsheets in the evening.",
    ),
    K.TEXT: Explanation(
        "Свободные заметки. Пригодится для того, чему на карте нет отдельной дорожки.",
        "Сезон: перед отчётностью решения откладывают.",
        "Free notes. For what has no lane of its own on the map.",
        "Season: before the reports decisions are put off.",
    ),
    K.PROCESS: Explanation(
        "Что происходит внутри компании: шаги, роли, сроки. Процесс — не путь клиента, но объясняет его.",
        "Юрист проверяет договор, срок два дня.",
        "What happens inside the company: steps, roles, terms. A process is not the journey, but it explains it.",
        "A lawyer checks the contract within two days.",
    ),
    K.NESTED_JOURNEYS: Explanation(
        "Ссылка на другую карту, где этап разобран подробно. Большой путь остаётся обозримым.",
        "«Первый урок» — отдельная карта.",
        "A link to another map that shows the stage in detail. The big journey stays easy to survey.",
        "“The first lesson” is a map of its own.",
    ),
    K.CONTEXT: Explanation(
        "Чем ещё занят клиент: работа, другие задачи, конкуренты. Вы — только часть его дня.",
        "С утра планёрка, между встречами отвечает в чатах.",
        "What else the customer is busy with: work, other tasks, competitors. You are only a part of the day.",
        "A stand-up in the morning, chats between meetings.",
    ),
    K.PHYSICAL_EVIDENCE: Explanation(
        "Что клиент видит и держит в руках: экран, письмо, документ, упаковка. По ним он судит о компании.",
        "КП на двух страницах с планом внедрения.",
        "What the customer sees and holds: a screen, a letter, a paper, a box. The company is judged by it.",
        "A two-page proposal with a rollout plan.",
    ),
    K.FRONTSTAGE: Explanation(
        "Что делают сотрудники на глазах у клиента. Под этой дорожкой проходит линия видимости.",
        "Менеджер показывает демо на данных клиента.",
        "What staff do before the customer's eyes. The line of visibility runs below this lane.",
        "A manager shows the demo on the customer's data.",
    ),
    K.BACKSTAGE: Explanation(
        "Что делают сотрудники там, где клиент не видит. Задержки здесь превращаются в барьеры наверху.",
        "Пресейл собирает стенд, прайс ждут два дня.",
        "What staff do where the customer does not see. Delays here become pain points above.",
        "Presale builds the stand, the price list takes two days.",
    ),
    K.SUPPORT_PROCESSES: Explanation(
        "Внутренние процессы, без которых этап не работает. Обычно их ведут другие отделы.",
        "Проверка контрагента в бухгалтерии.",
        "Inner processes without which the stage does not work. They are usually run by other departments.",
        "Accounting checks the counterparty.",
    ),
    K.SYSTEMS: Explanation(
        "Какие системы стоят за этапом. Видно, где данные теряются между ними.",
        "CRM, телефония, ЭДО.",
        "Which systems stand behind the stage. It shows where data get lost between them.",
        "CRM, telephony, document exchange.",
    ),
    K.RULES: Explanation(
        "Что происходит само: письма, задачи, уведомления по событию. Правило стоит там, где срабатывает.",
        "Скачал whitepaper — начинается цепочка писем.",
        "What happens by itself: letters, tasks, notices on an event. A rule stands where it fires.",
        "Whitepaper downloaded: a chain of letters begins.",
    ),
}

METRICS: dict[str, Explanation] = {
    Q.TYPED: Explanation(
        "Значение вводят вручную с датой. Так цифры есть на карте и без настройки событий.",
        "1 ноября: доля бренд-трафика 18 %.",
        "A value is typed by hand with its date. So the map has figures before any event is tracked.",
        "1 November: share of brand traffic 18%.",
    ),
    Q.COUNT: Explanation(
        "Сколько раз случилось событие за период. Один клиент может дать несколько событий.",
        "Скачивания whitepaper за 90 дней: 1 240.",
        "How many times an event happened in the period. One customer may give several.",
        "Whitepaper downloads in 90 days: 1,240.",
    ),
    Q.CUSTOMERS: Explanation(
        "Сколько разных клиентов сделали событие за период. Повторы одного клиента не считаются.",
        "Были на демо: 304 клиента.",
        "How many different customers did the event in the period. Repeats by one customer do not count.",
        "Attended a demo: 304 customers.",
    ),
    Q.RATIO: Explanation(
        "Какая доля клиентов с первым событием дошла до второго. В знаменателе — клиенты первого события за период.",
        "Заявка → демо: 46 %.",
        "What share of the customers of the first event reached the second. The denominator is the first event's customers.",
        "Request → demo: 46%.",
    ),
    Q.MEDIAN_TIME: Explanation(
        "За какое время половина клиентов проходит от первого события до второго. Редкие долгие случаи медиану не портят.",
        "От договора до оплаты: 14 дней.",
        "How long it takes half of the customers from the first event to the second. A few long cases do not distort a median.",
        "From contract to payment: 14 days.",
    ),
    Q.MEAN_SCORE: Explanation(
        "Средняя оценка клиентов за период: NPS, CSAT или CES. Рядом с ней всегда число ответов.",
        "CSAT обучения 2,3, 41 ответ.",
        "The customers' mean score in the period: NPS, CSAT or CES. The number of answers always stands beside it.",
        "CSAT of the training 2.3, 41 answers.",
    ),
    T.CUSTOMER: Explanation(
        "Показывает, каково клиенту: удовлетворённость, усилия, готовность рекомендовать. Меняется раньше денег.",
        "NPS на 30-й день.",
        "It shows how the customer fares: satisfaction, effort, readiness to recommend. It moves before money does.",
        "NPS on day 30.",
    ),
    T.BUSINESS: Explanation(
        "Показывает результат компании: конверсия, выручка, удержание, LTV. По ней судят об эффекте гипотез.",
        "Конверсия решения в покупку.",
        "It shows the company's result: conversion, revenue, retention, LTV. The effect of hypotheses is judged by it.",
        "Conversion from decision to purchase.",
    ),
    T.OPERATIONAL: Explanation(
        "Показывает, как работает команда: скорость ответа, сроки, загрузка. Чаще всего она и есть причина барьера.",
        "Первый ответ на заявку: 1 ч 12 мин.",
        "It shows how the team works: speed of answer, terms, load. It is often the cause of a pain point.",
        "First answer to a request: 1 h 12 min.",
    ),
}


def install_all() -> None:
    install("lane", LANES)
    install("metric", METRICS)
