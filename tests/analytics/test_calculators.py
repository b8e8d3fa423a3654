"""The calculators over REST, against published examples and independent formulas."""

import math
from decimal import Decimal
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from django.test import Client

from analytics import calculators
from analytics.calculators import Arm, Sums


@pytest.fixture
def ask(api: Client) -> Any:
    def asked(name: str, body: Any, *, status: int = 200) -> Any:
        answer = api.post(f"/api/v1/calculators/{name}/", body, content_type="application/json")
        assert answer.status_code == status, answer.content
        return answer.json()

    return asked


def test_two_proportions(ask: Any) -> None:
    answer = ask("two-proportions", {"control": [200, 1000], "treatment": [250, 1000], "alpha": 0.05})
    assert answer["rates"] == [0.2, 0.25]
    assert answer["difference"] == pytest.approx(0.05)
    assert answer["z"] == pytest.approx(0.05 / math.sqrt(0.225 * 0.775 * 0.002))
    assert answer["p_value"] == pytest.approx(2 * (1 - NormalDist().cdf(answer["z"])))
    assert answer["ci_difference"]["wald"] == pytest.approx([0.013464, 0.086536], abs=1e-6)
    assert answer["relative_lift"] == pytest.approx(0.25)
    assert answer["verdict"] == "confirmed"
    assert answer["method"]


@pytest.mark.parametrize(
    ("first", "second", "interval"),
    [  # Newcombe 1998, table II, method 10
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((10, 10), (0, 10), (0.6075, 1.0)),
    ],
)
def test_newcombe_s_own_examples(first: tuple[int, int], second: tuple[int, int], interval: tuple[float, float]) -> None:
    assert calculators.newcombe(Arm(*second), Arm(*first)) == pytest.approx(interval, abs=6e-5)


@pytest.mark.parametrize("arms", [([0, 100], [5, 100]), ([5, 100], [0, 100]), ([0, 0], [5, 100]), ([0, 0], [0, 0])])
def test_a_zero_arm_is_not_enough_data(ask: Any, arms: Any) -> None:
    answer = ask("two-proportions", {"control": arms[0], "treatment": arms[1]})
    assert answer["verdict"] == "not_enough_data"
    assert (answer["p_value"], answer["relative_lift"], answer["ci_relative_lift"]) == (None, None, None)


def test_everybody_converted_is_no_difference(ask: Any) -> None:
    answer = ask("two-proportions", {"control": [10, 10], "treatment": [10, 10]})
    assert (answer["z"], answer["p_value"], answer["verdict"]) == (0.0, 1.0, "inconclusive")


def test_sample_ratio(ask: Any) -> None:
    answer = ask("srm", {"observed": [5000, 5200], "weights": [1, 1]})
    assert (answer["chi2"], answer["df"]) == (pytest.approx(200**2 / 10200), 1)
    assert answer["p_value"] == pytest.approx(math.erfc(math.sqrt(answer["chi2"] / 2)))
    assert answer["mismatch"] is False
    assert ask("srm", {"observed": [5000, 5500], "weights": [0.5, 0.5]})["mismatch"] is True


@pytest.mark.parametrize("statistic", [0.1, 1.0, 5.0, 40.0])
@pytest.mark.parametrize("half", [1, 2, 5])
def test_the_chi_squared_tail_is_a_poisson_sum_for_even_freedom(statistic: float, half: int) -> None:
    expected = math.exp(-statistic / 2) * sum((statistic / 2) ** k / math.factorial(k) for k in range(half))
    assert calculators.chi_squared_tail(statistic, 2 * half) == pytest.approx(expected, rel=1e-10)


def test_sample_size_and_power_as_in_the_manual_of_power_prop_test(ask: Any) -> None:
    assert ask("sample-size", {"p1": 0.5, "p2": 0.75, "alpha": 0.05, "power": 0.9})["n_per_group"] == 77
    assert ask("power", {"p1": 0.5, "p2": 0.75, "n_per_group": 50, "alpha": 0.05})["power"] == pytest.approx(0.7401659, abs=1e-6)


def test_mde_turns_power_round(ask: Any) -> None:
    answer = ask("mde", {"p1": 0.1, "n_per_group": 1000, "alpha": 0.05, "power": 0.8})
    assert answer["p2"] == pytest.approx(0.1 + answer["mde"])
    again = ask("power", {"p1": 0.1, "p2": answer["p2"], "n_per_group": 1000, "alpha": 0.05})
    assert again["power"] == pytest.approx(0.8)
    assert ask("mde", {"p1": 0.5, "n_per_group": 2, "alpha": 0.05, "power": 0.99})["mde"] is None


@pytest.mark.parametrize(
    ("method", "adjusted"),
    [  # R: p.adjust(c(0.01, 0.04, 0.03, 0.005), method)
        ("holm", [0.03, 0.06, 0.06, 0.02]),
        ("bonferroni", [0.04, 0.16, 0.12, 0.02]),
        ("hochberg", [0.03, 0.04, 0.04, 0.02]),
        ("benjamini_hochberg", [0.02, 0.04, 0.04, 0.02]),
    ],
)
def test_multiple_comparisons(ask: Any, method: str, adjusted: list[float]) -> None:
    answer = ask("multiple-comparisons", {"p_values": [0.01, 0.04, 0.03, 0.005], "method": method})
    assert answer["adjusted"] == pytest.approx(adjusted)
    assert answer["method"] == method


def test_no_comparisons_are_no_comparisons(ask: Any) -> None:
    assert ask("multiple-comparisons", {"p_values": []})["adjusted"] == []


def _sums(post: Any, pre: Any) -> dict[str, float]:
    return {
        "n": len(post),
        "post_sum": float(post.sum()),
        "post_sum_squares": float((post**2).sum()),
        "pre_sum": float(pre.sum()),
        "pre_sum_squares": float((pre**2).sum()),
        "post_pre_sum_of_products": float((post * pre).sum()),
    }


def test_cuped_is_a_t_test_of_what_is_left(ask: Any) -> None:
    random = np.random.default_rng(7)
    pre = random.normal(10, 3, 900)
    post = 2 + pre + random.normal(0, 1, 900)
    post[400:] += 0.5
    answer = ask("cuped", {"control": _sums(post[:400], pre[:400]), "treatment": _sums(post[400:], pre[400:])})
    theta = np.cov(post, pre)[0, 1] / pre.var(ddof=1)
    left = post - theta * pre
    error = math.sqrt(left[:400].var(ddof=1) / 400 + left[400:].var(ddof=1) / 500)
    assert answer["difference"] == pytest.approx(left[400:].mean() - left[:400].mean())
    assert answer["ci"] == pytest.approx([answer["difference"] - 1.963 * error, answer["difference"] + 1.963 * error], abs=1e-3)
    assert answer["p_value"] < 1e-6


def test_cuped_without_variance_answers_without_nan() -> None:
    still = Sums(3, 3.0, 3.0, 3.0, 3.0, 3.0)
    seen = calculators.cuped(still, still)
    assert (seen.difference, seen.p_value) == (0.0, 1.0)


@pytest.mark.parametrize(("freedom", "quantile"), [(1, 12.706204736), (10, 2.228138852), (30, 2.042272456), (1e6, 1.959966)])
def test_student_s_quantile_as_in_the_tables(freedom: float, quantile: float) -> None:
    assert calculators.student_quantile(0.05, freedom) == pytest.approx(quantile, rel=1e-6)


def test_nps(ask: Any) -> None:
    by_scores = ask("nps", {"scores": [10, 9, 8, 7, 6, 0]})
    by_counts = ask("nps", {"counts": {"promoters": 2, "passives": 2, "detractors": 2}})
    assert by_scores == by_counts
    assert (by_scores["nps"], by_scores["n"]) == (0.0, 6)
    assert by_scores["standard_error"] == pytest.approx(100 * math.sqrt(float(Fraction(2, 3)) / 6))
    assert ask("nps", {"scores": []})["nps"] is None


def test_the_holes_of_the_seed(ask: Any) -> None:
    communication = {"kind": "communication", "sessions": 10000, "conversion_was": 0.025, "conversion_is": 0.02}
    assert ask("hole-cost", communication | {"average_cheque": "8000"})["loss"] == "400000.00"
    onboarding = {"kind": "onboarding", "newcomers": 100, "activation_target": 0.75, "activation_is": 0.60}
    answer = ask("hole-cost", onboarding | {"upsell_rate": 0.2, "upsell_value": "5000"})
    assert Decimal(answer["loss"]) == Decimal("15000.00")


@pytest.mark.parametrize(
    ("name", "body", "field"),
    [
        ("two-proportions", {"control": [3, 2], "treatment": [1, 2]}, "control"),
        ("two-proportions", {"control": [1, 2]}, "treatment"),
        ("two-proportions", {"control": [1, 2], "treatment": [1, 2], "alpha": 2}, "alpha"),
        ("two-proportions", {"control": [1, 2], "treatment": [1, 2], "power": 1}, "power"),
        ("srm", {"observed": [1, 2], "weights": [1, 2, 3]}, "weights"),
        ("srm", {"observed": [0, 0], "weights": [1, 1]}, "observed"),
        ("sample-size", {"p1": 0.5, "p2": 0.5, "alpha": 0.05, "power": 0.8}, "p2"),
        ("nps", {"scores": [11]}, "scores"),
        ("nps", {}, "scores"),
        ("cuped", {"control": {"n": 1}, "treatment": {}}, "control"),
        ("hole-cost", {"kind": []}, "kind"),
        ("hole-cost", [], "kind"),
    ],
)
def test_bad_input_names_the_field(ask: Any, name: str, body: Any, field: str) -> None:
    answer = ask(name, body, status=400)
    assert answer["code"] == "invalid"
    assert next(iter(answer["errors"])).startswith(field)


def test_strangers_calculate_nothing(client: Client, db: None) -> None:
    assert client.post("/api/v1/calculators/nps/", {"scores": []}, content_type="application/json").status_code == 401


def test_a_key_with_another_body_is_refused(api: Client) -> None:
    def post(body: Any) -> Any:
        return api.post("/api/v1/calculators/nps/", body, content_type="application/json", headers={"Idempotency-Key": "k-1"})

    first = post({"scores": [9, 9, 1]})
    assert first.status_code == 200
    assert post({"scores": [9, 9, 1]}).json() == first.json()
    assert (post({"scores": [1]}).status_code, post({"nonsense": 1}).status_code) == (409, 409)
