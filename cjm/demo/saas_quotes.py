"""What customers said about each stage: kind of evidence, where it was heard, the words. Pairs: Russian, English."""

# ruff: noqa: E501 (both languages of a text stand on one line)

from typing import Final

from .events import Pair

Quote = tuple[str, Pair, Pair]


def _interview(number: int, text: Pair) -> Quote:
    return "interview", (f"Интервью {number}, директор по продажам", f"Interview {number}, sales director"), text


def _call(text: Pair) -> Quote:
    return "call", ("Запись звонка", "Call recording"), text


def _ticket(text: Pair) -> Quote:
    return "ticket", ("Обращение в поддержку", "Support request"), text


def _survey(text: Pair) -> Quote:
    return "survey", ("Открытый ответ в опросе", "Open answer in a survey"), text


QUOTES: Final[tuple[tuple[Quote, ...], ...]] = (
    (
        _interview(1, ("Прочитал двадцать статей, и в каждой свой список лучших CRM", "I read twenty articles, each with its own list of the best CRMs")),
        _interview(3, ("Не понимаю, с чего начать: с воронки, с людей или с системы", "I do not know where to begin: the funnel, the people or the system")),
        _interview(5, ("Всё одинаковое, разницу видно только в цене", "It all looks the same, only the price differs")),
        _survey(("Хотел схему выбора на одну страницу, нашёл сто страниц", "I wanted a one-page guide and found a hundred pages")),
        _survey(("Слишком много терминов для первого знакомства", "Too many terms for a first acquaintance")),
        _call(("Скажите просто: нам это нужно или нет?", "Just tell me: do we need this or not?")),
    ),
    (
        _interview(2, ("У нас одиннадцать этапов, а на сайте везде пять", "We have eleven stages, and your site shows five everywhere")),
        _interview(4, ("Мы продаём через тендеры, про тендеры ни слова", "We sell through tenders, and there is not a word about tenders")),
        _interview(6, ("Без обмена с 1С можно даже не начинать", "Without exchange with 1C there is no point in starting")),
        _interview(7, ("Покажите мне логистику, а не магазин одежды", "Show me logistics, not a clothes shop")),
        _call(("А если у нас две воронки на одного клиента?", "What if we have two funnels for one customer?")),
        _call(("Сколько человек нужно, чтобы это поддерживать?", "How many people does it take to keep this running?")),
        _call(("Нам важны права: менеджеры не должны видеть чужое", "Rights matter to us: managers must not see each other's deals")),
        _survey(("Не нашёл ни одного кейса на 100 человек", "I found no case of a company of 100 people")),
        _survey(("Форма спросила ИНН раньше, чем ответила на мой вопрос", "The form asked for a tax number before it answered my question")),
        _survey(("Вебинар общий, а вопросы у нас частные", "The webinar is general, our questions are particular")),
        ("chat", ("Чат на сайте", "Chat on the site"), ("Подойдёт ли, если сделки длятся полгода?", "Will it do if our deals take half a year?")),
    ),
    (
        _interview(8, ("Прошлое внедрение длилось год и ничем не кончилось", "Our last rollout took a year and came to nothing")),
        _interview(9, ("Мне продают функции, а я боюсь, что люди не будут этим пользоваться", "They sell me features, and I fear that people will not use them")),
        _interview(10, ("Кто перенесёт базу? Я не хочу делать это ночами", "Who moves the data? I do not want to do it at night")),
        _interview(11, ("Дайте план по дням, тогда я пойду к директору", "Give me a plan day by day and I will go to the boss")),
        _interview(12, ("КП ждали четыре дня, за это время остыли", "We waited four days for the proposal and cooled down")),
        _call(("Сколько недель мы не сможем продавать нормально?", "For how many weeks will we not sell properly?")),
        _call(("А если половина отдела откажется?", "And if half of the team refuses?")),
        _call(("Нам обещали две недели у конкурента, вышло три месяца", "A rival promised us two weeks and it took three months")),
        _call(("Кто отвечает за результат: вы или мы?", "Who answers for the result: you or us?")),
        _call(("Покажите компанию, где это уже работает", "Show me a company where this already works")),
        _survey(("Демо красивое, но не про нас", "A fine demo, but not about us")),
        _survey(("После демо стало страшнее, чем до", "After the demo I was more afraid than before")),
        _survey(("Понятно, но покажите на наших этапах", "Clear, but show it on our stages")),
        _survey(("В новом прайсе внедрение стоит как годовая лицензия", "In the new price list the rollout costs as much as a year's licence")),
    ),
    (
        _interview(13, ("Договор лежал у юриста девять дней", "The contract lay with the lawyer for nine days")),
        _interview(15, ("Решение принято, почему так долго?", "It is decided, why does it take so long?")),
        _call(("Три раза меняли одну и ту же строку", "The same line was changed three times")),
        _call(("Пришлите уже счёт, у нас закрывается квартал", "Send the invoice at last, our quarter is closing")),
        _call(("Почему бумага, если у вас облачный продукт?", "Why paper, if your product is in the cloud?")),
        _survey(("Оплатить было проще, чем подписать", "Paying was easier than signing")),
        _survey(("Никто не мог сказать, на каком шаге договор", "Nobody could say where the contract was")),
        ("chat", ("Переписка с менеджером", "Chat with the manager"), ("Есть новости по договору?", "Any news about the contract?")),
    ),
    (
        (
            "interview",
            ("Интервью 14, директор по продажам, 120 человек", "Interview 14, sales director, 120 people"),
            (
                "Два продавца прошли обучение, остальные семь просто не открыли. Я же не буду их за руку водить",
                "Two managers took the training, the other seven just did not open it. I cannot lead them by the hand",
            ),
        ),
        _call(("В уроках воронка из трёх этапов. У нас одиннадцать", "The lessons show a funnel of three stages. We have eleven")),
        _interview(16, ("Полей столько, что менеджеры заполняют их точками", "There are so many fields that managers fill them with dots")),
        _interview(17, ("Через неделю все вернулись в Excel", "After a week everybody was back in Excel")),
        _ticket(("Как убрать обязательные поля?", "How do I remove the required fields?")),
        _ticket(("Импорт перепутал телефоны и почту", "The import mixed up phones and e-mails")),
        _ticket(("Где настроить этапы, чтобы не сломать отчёты?", "Where do I set the stages without breaking the reports?")),
        _survey(("Энтузиазм кончился на третьем экране настроек", "The enthusiasm ended on the third screen of settings")),
        _survey(("Нужен человек, который сделает это с нами, а не видео", "We need a person who does it with us, not a video")),
    ),
    (
        _survey(("Хочу прогноз по сделкам, а не только факт", "I want a forecast of deals, not only the facts")),
        _survey(("Не хватает мобильной версии для склада", "A mobile version for the warehouse is missing")),
        _survey(("Добавьте планы по менеджерам", "Add plans per manager")),
        _ticket(("Когда появится обмен с телефонией?", "When will telephony be connected?")),
        _interview(18, ("Нравится, но за новинками не успеваю", "I like it, but I cannot keep up with what is new")),
    ),
    (
        _survey(("Некогда писать отзыв, спросите лучше по телефону", "No time to write a review, better ask me by phone")),
        _interview(19, ("Коллегам расскажу, а формы заполнять не буду", "I will tell colleagues, but I will not fill in forms")),
    ),
)  # fmt: skip
