"""What the figures of this app are."""

from workspaces.explanations import Explanation

METRICS = {
    "engagement": Explanation(
        ru="Насколько клиент сейчас вовлечён, от 0 до 100. Каждое касание даёт баллы по весу своего события, и этот вклад "
        "со временем затухает вдвое за заданное число дней.",
        ru_example="Пример: три демо за неделю дают больше, чем двадцать писем полгода назад.",
        en="How engaged the customer is right now, from 0 to 100. Every touch brings points by the weight of its event, "
        "and the contribution halves in a set number of days.",
        en_example="Example: three demos within a week bring more than twenty e-mails half a year ago.",
    ),
}
