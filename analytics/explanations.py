"""What each report and each figure of the funnel page is: its definition, its denominator, one example."""

from workspaces.explanations import Explanation

REPORTS: dict[str, Explanation] = {
    "funnel": Explanation(
        ru="Воронка показывает, сколько разных клиентов дошло до каждого этапа и сколько ушло по дороге. "
        "Период ограничивает вход на первый этап, а дальше клиента ждут, пока не закончится окно.",
        ru_example="Из 48 200 вошедших до исследования дошли 4 627: шаг 9,6 %.",
        en="The funnel shows how many different customers reached each stage and how many left on the way. "
        "The period limits the entry to the first stage; after that a customer is waited for until the window ends.",
        en_example="Of 48,200 who entered, 4,627 reached consideration: a step of 9.6%.",
    ),
    "time-in-stage": Explanation(
        ru="Гистограмма, медиана и p90 показывают, сколько пробыли на этапе прошедшие дальше. Рядом медиана, "
        "в которой учтены и те, кто ещё стоит (Каплан – Мейер); застрявшие стоят дольше, чем шли 90 % прошедших.",
        ru_example="Медиана 11 дней, p90 34 дня: половина прошла за 11 дней, стоящие дольше 34 дней застряли.",
        en="The histogram, the median and the p90 show how long those who went on stayed. Beside them stands the median "
        "with those still there counted in (Kaplan–Meier); the stuck have stayed longer than 90% of those who went on.",
        en_example="Median 11 days, p90 34 days: half went on within 11 days, those there for more than 34 are stuck.",
    ),
    "metrics": Explanation(
        ru="Живые метрики карты считаются по касаниям за свой период: число событий, разные клиенты, доля двух событий, "
        "медиана времени, средняя оценка. Знаменатель n стоит рядом с каждой.",
        ru_example="Заявка 2,0 %: 100 отправленных форм на 5 000 открытий лендинга за 90 дней.",
        en="Live metrics of a map are counted from touches over their own period: events, different customers, the ratio "
        "of two events, the median time, the mean score. The denominator n stands beside each.",
        en_example="Form 2.0%: 100 forms sent per 5,000 openings of the landing page in 90 days.",
    ),
    "through": Explanation(
        ru="Сквозная конверсия: сколько вошедших в периоде дошло до этапа сделки. "
        "Знаменатель: все, кто вошёл на первый этап за период; тех, чьё окно ещё открыто, показываем отдельно.",
        ru_example="304 сделки из 48 200 вошедших: 0,63 %.",
        en="Overall conversion: how many of those who entered in the period reached the deal. "
        "Denominator: everybody who entered the first stage in the period; those whose window is still open are shown apart.",
        en_example="304 deals of 48,200 who entered: 0.63%.",
    ),
    "median": Explanation(
        ru="Медиана пути: за сколько половина дошедших до сделки прошла путь от первого этапа. "
        "Знаменатель: только дошедшие; оценена по гистограмме.",
        ru_example="44 дня: из 304 сделок 152 заняли не больше 44 дней.",
        en="Median way: the time in which half of those who reached the deal came from the first stage. "
        "Denominator: only those who got there; estimated from the histogram.",
        en_example="44 days: of 304 deals, 152 took at most 44 days.",
    ),
    "weakest": Explanation(
        ru="Самый слабый шаг: этап, доля перехода на который дальше всего ниже своего эталона. "
        "Знаменатель: дошедшие до предыдущего этапа.",
        ru_example="Внедрение 59,9 % при эталоне 75 %: не хватает 15,1 пункта.",
        en="The weakest step: the stage whose share is furthest below its benchmark. "
        "Denominator: those who reached the stage before.",
        en_example="Onboarding 59.9% against a benchmark of 75%: 15.1 points short.",
    ),
    "entered": Explanation(
        ru="Вошли: разные клиенты, которые начали путь в периоде. "
        "В пути: те из них, кто остановился на каком-то этапе, но чьё окно ещё не закрылось; потерянными они не считаются.",
        ru_example="48 200 вошли, 1 900 ещё в пути.",
        en="Entered: different customers who began the way in the period. "
        "Under way: those of them who stopped at some stage but whose window is still open; they do not count as lost.",
        en_example="48,200 entered, 1,900 are still under way.",
    ),
    "shortfall": Explanation(
        ru="Недобор: деньги в месяц, которые теряет шаг ниже эталона. Число вошедших × (эталон − доля) × вероятность дойти "
        "дальше до сделки × средний чек карты, приведено к 30 дням; границы по 95-процентному интервалу доли.",
        ru_example="1 000 человек × (10 % − 9,6 %) × 20 % × 100 000 ₽ = 80 000 ₽.",
        en="Shortfall: money a month lost by a step below its benchmark. People × (benchmark − share) × probability to go on "
        "to the deal × the map's average cheque, per 30 days; bounds by the 95% interval of the share.",
        en_example="1,000 people × (10% − 9.6%) × 20% × 100,000 = 80,000.",
    ),
    "step": Explanation(
        ru="Шаг: доля дошедших до предыдущего этапа, которая дошла и до этого. Чёрная черта это эталон, "
        "розовое это недобор до него.",
        ru_example="Решение → Покупка: 304 из 1 462, то есть 20,8 % при эталоне 25 %.",
        en="Step: the share of those on the stage before who also reached this one. The black tick is the benchmark, "
        "the pink part the shortfall.",
        en_example="Decision → Purchase: 304 of 1,462, that is 20.8% against 25%.",
    ),
    "losses": Explanation(
        ru="Список начинается с самого дорогого: барьеры карты с ценой, а если цен нет, то шаги ниже эталона. "
        "Цена барьера посчитана или введена на карте, рядом с ним видны её исходные числа.",
        ru_example="«Ждут КП 3,4 дня» стоит 2,40 млн ₽ в месяц и потому стоит первым.",
        en="The dearest stands first: pains of the map that have a price, and where none has, steps below their benchmark. "
        "A pain's price was computed or typed on the map, with its inputs beside it.",
        en_example="“Waiting 3.4 days for an offer” costs 2.40M a month and so stands first.",
    ),
    "trend": Explanation(
        ru="Доля по неделям входа: из начавших путь на этой неделе, сколько прошло шаг. "
        "Коридор показывает, что даёт одна случайность; неделя вне него и с 20 вошедшими отмечена как аномалия.",
        ru_example="13 октября 15,1 % при коридоре 18–27 %: это не случайность.",
        en="The share by week of entry: of those who began in a week, how many made the step. "
        "The band is what chance alone gives; a week outside it with at least 20 people is marked as an anomaly.",
        en_example="13 October: 15.1% with a band of 18–27%: this is no accident.",
    ),
}
FIGURES = ("through", "median", "weakest", "entered", "shortfall", "step", "losses", "trend")
