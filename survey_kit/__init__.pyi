# What `survey_kit` gives at once: every name of `PLACES`, with its type.

from survey_kit.cleaning.run_checks import run_checks as run_checks
from survey_kit.design.described import sample as sample
from survey_kit.design.described import source as source
from survey_kit.design.design import Design as Design
from survey_kit.design.design import Lonely as Lonely
from survey_kit.design.design import Sampling as Sampling
from survey_kit.design.replicate_making import balanced_halves as balanced_halves
from survey_kit.design.replicate_making import bootstrap as bootstrap
from survey_kit.design.replicates import jackknife as jackknife
from survey_kit.design.replicates import with_replicates as with_replicates
from survey_kit.design.sample import Sample as Sample
from survey_kit.design.successive import successive_differences as successive_differences
from survey_kit.design.two_phase import two_phase as two_phase
from survey_kit.design.wording import assumptions as assumptions
from survey_kit.estimation.agreement import cronbach_alpha as cronbach_alpha
from survey_kit.estimation.agreement import kappa as kappa
from survey_kit.estimation.ask import estimate as estimate
from survey_kit.estimation.correlation import correlations as correlations
from survey_kit.estimation.doubly_robust import doubly_robust as doubly_robust
from survey_kit.estimation.estimate import Estimate as Estimate
from survey_kit.estimation.goodness_of_fit import goodness_of_fit as goodness_of_fit
from survey_kit.estimation.imputations import combine as combine
from survey_kit.estimation.impute import impute as impute
from survey_kit.estimation.leave_one_out import leave_one_out as leave_one_out
from survey_kit.estimation.leave_one_out import leave_one_out_of_cases as leave_one_out_of_cases
from survey_kit.estimation.leave_one_out import leave_one_out_of_shares as leave_one_out_of_shares
from survey_kit.estimation.log_rank import log_rank as log_rank
from survey_kit.estimation.models.dominance import dominance as dominance
from survey_kit.estimation.models.explained import pseudo_r_squared as pseudo_r_squared
from survey_kit.estimation.models.firth import firth as firth
from survey_kit.estimation.models.log_linear import compare as compare
from survey_kit.estimation.models.log_linear import log_linear as log_linear
from survey_kit.estimation.models.margins import average_effects as average_effects
from survey_kit.estimation.models.margins import predicted_means as predicted_means
from survey_kit.estimation.models.multinomial import multinomial as multinomial
from survey_kit.estimation.models.ordinal import ordinal as ordinal
from survey_kit.estimation.models.profile import likelihood_interval as likelihood_interval
from survey_kit.estimation.models.regression import regression as regression
from survey_kit.estimation.models.separation import separation as separation
from survey_kit.estimation.models.survival import survival as survival
from survey_kit.estimation.models.survival_curve import survival_curve as survival_curve
from survey_kit.estimation.models.term_test import deviance_test as deviance_test
from survey_kit.estimation.models.term_test import wald_test as wald_test
from survey_kit.estimation.nonlinear import function_of as function_of
from survey_kit.estimation.overlapping import overlapping_means as overlapping_means
from survey_kit.estimation.pairwise import pairwise as pairwise
from survey_kit.estimation.quantile import quantile as quantile
from survey_kit.estimation.rank_test import rank_test as rank_test
from survey_kit.estimation.rao_scott import rao_scott as rao_scott
from survey_kit.estimation.rao_scott import rao_scott_multiple as rao_scott_multiple
from survey_kit.estimation.recruitment.tree import read_coupons as read_coupons
from survey_kit.estimation.recruitment.tree import read_recruiters as read_recruiters
from survey_kit.estimation.recruitment.tree_bootstrap import rds_shares as rds_shares
from survey_kit.estimation.selection_effect import selection_effect as selection_effect
from survey_kit.estimation.selection_effect import (
    selection_effect_against as selection_effect_against,
)
from survey_kit.estimation.selection_effect import selection_effects as selection_effects
from survey_kit.estimation.statistic import Statistic as Statistic
from survey_kit.estimation.t_test import t_test as t_test
from survey_kit.estimation.variances import variances as variances
from survey_kit.forms.read import read_questionnaire as read_questionnaire
from survey_kit.responses.read import read_responses as read_responses
from survey_kit.tables.variables import analysis_frame as analysis_frame
from survey_kit.weighting.base_weight import BaseWeights as BaseWeights
from survey_kit.weighting.base_weight import Chances as Chances
from survey_kit.weighting.base_weight import Rescale as Rescale
from survey_kit.weighting.calibrate import Calibrate as Calibrate
from survey_kit.weighting.calibrate import PostStratify as PostStratify
from survey_kit.weighting.calibrate import calibrate as calibrate
from survey_kit.weighting.calibrate import poststratify as poststratify
from survey_kit.weighting.chain import weigh as weigh
from survey_kit.weighting.margins import read_margins as read_margins
from survey_kit.weighting.nonresponse import Keep as Keep
from survey_kit.weighting.nonresponse import NonResponse as NonResponse
from survey_kit.weighting.nonresponse import Propensity as Propensity
from survey_kit.weighting.rake import Rake as Rake
from survey_kit.weighting.rake import rake as rake
from survey_kit.weighting.report_html import weighting_page as weighting_page
from survey_kit.weighting.standardise import standardise as standardise
from survey_kit.weighting.trim import Trim as Trim
from survey_kit.weighting.trim import trim as trim
from survey_kit.weighting.two_phase import calibrate_phase_two as calibrate_phase_two

__version__: str
PLACES: dict[str, str]
