"""From questionnaire to finding: one toolkit for the whole life of a survey.

    import survey_kit as sk

    sample = sk.sample(frame, sampling="probability", weight="w", stratum="region", cluster="psu")
    sk.estimate(sample, "shares", "reason", by="region").interval(method="beta")

What stands here is found when it is first asked for, so that importing costs nothing; what
each name is stands in `__init__.pyi`, and where it lives in `PLACES`.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

PLACES = {
    # words
    "read_questionnaire": "forms.read",
    "read_responses": "responses.read",
    "run_checks": "cleaning.run_checks",
    "analysis_frame": "tables.variables",
    # who was asked
    "Design": "design.design",
    "Lonely": "design.design",
    "Sampling": "design.design",
    "Sample": "design.sample",
    "sample": "design.described",
    "source": "design.described",
    "two_phase": "design.two_phase",
    "calibrate_phase_two": "weighting.two_phase",
    "assumptions": "design.wording",
    "bootstrap": "design.replicate_making",
    "balanced_halves": "design.replicate_making",
    "jackknife": "design.replicates",
    "successive_differences": "design.successive",
    "with_replicates": "design.replicates",
    # who they stand for
    "BaseWeights": "weighting.base_weight",
    "Calibrate": "weighting.calibrate",
    "Chances": "weighting.base_weight",
    "Keep": "weighting.nonresponse",
    "NonResponse": "weighting.nonresponse",
    "PostStratify": "weighting.calibrate",
    "Propensity": "weighting.nonresponse",
    "Rake": "weighting.rake",
    "Rescale": "weighting.base_weight",
    "Trim": "weighting.trim",
    "calibrate": "weighting.calibrate",
    "poststratify": "weighting.calibrate",
    "rake": "weighting.rake",
    "read_margins": "weighting.margins",
    "standardise": "weighting.standardise",
    "trim": "weighting.trim",
    "weigh": "weighting.chain",
    "weighting_page": "weighting.report_html",
    # what it says
    "Estimate": "estimation.estimate",
    "Statistic": "estimation.statistic",
    "estimate": "estimation.ask",
    "quantile": "estimation.quantile",
    "variances": "estimation.variances",
    "rao_scott": "estimation.rao_scott",
    "rao_scott_multiple": "estimation.rao_scott",
    "goodness_of_fit": "estimation.goodness_of_fit",
    "t_test": "estimation.t_test",
    "rank_test": "estimation.rank_test",
    "log_rank": "estimation.log_rank",
    "pairwise": "estimation.pairwise",
    "correlations": "estimation.correlation",
    "overlapping_means": "estimation.overlapping",
    "kappa": "estimation.agreement",
    "cronbach_alpha": "estimation.agreement",
    "function_of": "estimation.nonlinear",
    "leave_one_out": "estimation.leave_one_out",
    "leave_one_out_of_shares": "estimation.leave_one_out",
    "leave_one_out_of_cases": "estimation.leave_one_out",
    "read_recruiters": "estimation.recruitment.tree",
    "read_coupons": "estimation.recruitment.tree",
    "rds_shares": "estimation.recruitment.tree_bootstrap",
    "selection_effect": "estimation.selection_effect",
    "selection_effect_against": "estimation.selection_effect",
    "selection_effects": "estimation.selection_effect",
    "regression": "estimation.models.regression",
    "pseudo_r_squared": "estimation.models.explained",
    "deviance_test": "estimation.models.term_test",
    "wald_test": "estimation.models.term_test",
    "likelihood_interval": "estimation.models.profile",
    "firth": "estimation.models.firth",
    "separation": "estimation.models.separation",
    "ordinal": "estimation.models.ordinal",
    "multinomial": "estimation.models.multinomial",
    "survival": "estimation.models.survival",
    "survival_curve": "estimation.models.survival_curve",
    "log_linear": "estimation.models.log_linear",
    "compare": "estimation.models.log_linear",
    "average_effects": "estimation.models.margins",
    "predicted_means": "estimation.models.margins",
    "dominance": "estimation.models.dominance",
    "impute": "estimation.impute",
    "combine": "estimation.imputations",
    "doubly_robust": "estimation.doubly_robust",
}
"""Name -> the module of it, below this package."""


def __getattr__(name: str) -> object:
    """A name of `PLACES`, fetched when it is first asked for."""
    if name not in PLACES:
        raise AttributeError(f"module 'survey_kit' has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{PLACES[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """What can be asked for, also what was not fetched yet."""
    return sorted({*globals(), *PLACES})
