"""What errors say to people: the place, the problem, the remedy."""

from bot.core.errors import BadInput, DeliveryClass, DeliveryError, Fault, KpiBotError, PolicyRefused


def test_bad_input_names_the_place_the_problem_and_the_remedy() -> None:
    assert str(BadInput("line 7", "must be a number", "Write 3.2")) == "line 7: must be a number. Write 3.2"
    assert str(BadInput("line 7", "must be a number")) == "line 7: must be a number"


def test_a_refused_policy_lists_each_fault_by_file_line_and_column() -> None:
    faults = [Fault(file="people.yaml", line=number, column=3, problem="unknown key") for number in (2, 9)]
    assert str(PolicyRefused(faults)) == "people.yaml:2:3: unknown key\npeople.yaml:9:3: unknown key"


def test_a_delivery_error_says_what_may_be_done_and_slack_s_own_word() -> None:
    error = DeliveryError(DeliveryClass.WAIT, "ratelimited", 30.0)
    assert (str(error), error.retry_after) == ("wait: ratelimited", 30.0)


def test_everything_raised_on_purpose_is_of_one_family() -> None:
    assert all(issubclass(kind, KpiBotError) for kind in (BadInput, PolicyRefused, DeliveryError))
