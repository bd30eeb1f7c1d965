"""What must hold between entries: each check is a small function that yields the troubles it finds in a draft."""

from collections.abc import Callable, Iterator

from bot.rulebook.crosschecks import (
    approvals,
    formulas,
    levels,
    names,
    organisation,
    references,
    rules,
    samples,
    secrecy,
    sources,
)
from bot.rulebook.draft import Draft, Trouble

Check = Callable[[Draft], Iterator[Trouble]]

CHECKS: tuple[Check, ...] = (
    references.names_that_lead_nowhere,
    organisation.roles_without_people,
    organisation.slack_ids_used_twice,
    organisation.levels_incomplete,
    organisation.priorities_out_of_order,
    organisation.bands_not_descending,
    organisation.reports_never_due,
    levels.targets_of_the_wrong_shape,
    levels.thresholds_of_the_wrong_shape,
    levels.bands_upside_down,
    levels.thresholds_out_of_order,
    levels.numbers_beyond_the_unit,
    levels.numbers_that_are_not_plausible,
    samples.samples_of_unknown_series,
    samples.samples_beyond_the_unit,
    samples.samples_of_calculated_kpis,
    formulas.formulas_in_a_circle,
    formulas.calculated_kpis_nobody_enters,
    approvals.approvers_nobody_knows,
    approvals.approvers_not_cleared,
    formulas.inputs_that_do_not_fit,
    formulas.sums_judged_too_early,
    sources.sources_of_the_wrong_kind,
    sources.sources_of_calculated_kpis,
    sources.queries_that_are_not_there,
    sources.sources_never_due,
    rules.rule_ids_used_twice,
    rules.recoveries_on_the_wrong_side,
    rules.lengths_beside_staleness,
    rules.amounts_that_do_not_fit,
    rules.conditions_that_never_hold,
    rules.parts_that_name_their_own_kpi,
    names.names_that_mean_two_kpis,
    names.empty_aliases,
    secrecy.owners_not_cleared,
    secrecy.escalations_not_cleared,
    secrecy.channels_not_cleared,
    secrecy.fallback_not_cleared,
    secrecy.rules_that_would_tell_of_others,
)
