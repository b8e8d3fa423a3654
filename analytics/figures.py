"""Figures for Plotly: built here as JSON, drawn in the browser with the page's own colours (tokens stand as "var(--d1)")."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import plotly.graph_objects as go

from analytics.charts import Trend


def trend_figure(trend: Trend, *, words: Mapping[str, str], days: Sequence[tuple[date, str]], separators: str) -> str:
    """The trend by week as Plotly JSON. Colours are names of tokens, resolved by the browser's behaviour "chart"."""
    weeks = [week.day.isoformat() for week in trend.weeks]
    percent = [None if week.rate is None else 100 * week.rate for week in trend.weeks]
    known = [week for week in trend.weeks if week.entered >= 20]
    bounds = [week.day.isoformat() for week in known]
    plot = go.Figure()
    plot.add_scatter(x=bounds, y=[100 * w.high for w in known], mode="lines", line_width=0, hoverinfo="skip", showlegend=False)
    plot.add_scatter(
        x=bounds, y=[100 * w.low for w in known], mode="lines", line_width=0, fill="tonexty", hoverinfo="skip", name=words["band"]
    )
    if any(value is not None for value in trend.previous):
        old = [None if value is None else 100 * value for value in trend.previous]
        plot.add_scatter(x=weeks[: len(old)], y=old, mode="lines", name=words["before"], line_width=1.6, line_shape="spline")
    plot.add_scatter(
        x=weeks, y=percent, mode="lines+markers", name=words["now"], line_width=2.2, line_shape="spline",
        customdata=_people(trend), hovertemplate="%{x|%d.%m.%Y}: %{y:.1f} %<br>%{customdata}<extra></extra>",
    )  # fmt: skip
    if trend.anomalies:
        plot.add_scatter(
            x=[week.day.isoformat() for week in trend.anomalies], y=[100 * (week.rate or 0) for week in trend.anomalies],
            mode="markers", marker_size=11, name=words["anomaly"], hoverinfo="skip",
        )  # fmt: skip
    colours = {words["anomaly"]: "--pain", words["band"]: "--d-band", words["before"]: "--d-mute", words["now"]: "--d1"}
    if trend.benchmark is not None:
        plot.add_hline(y=100 * trend.benchmark, line_dash="dot", line_width=1)
    plot.update_layout(
        template=None, showlegend=False, separators=separators, margin={"l": 40, "r": 12, "t": 8, "b": 28}, hovermode="closest",
        dragmode="zoom", xaxis={"tickvals": [day.isoformat() for day, _text in days], "ticktext": [text for _day, text in days]},
        yaxis={"range": [0, 100 * trend.top], "ticksuffix": " %"},
        meta={"colours": colours},
    )  # fmt: skip
    text: Any = plot.to_json()
    return str(text)


def _people(trend: Trend) -> list[str]:
    return [f"{week.converted} / {week.entered}" for week in trend.weeks]
