import pytest
from pydantic import model_validator

from trainstudy.parameters import ParameterError, Parameters, literals


class Example(Parameters):
    runs: str = "published"
    seed: int = 0


def notebook(*cells: str) -> dict:
    """The names of a notebook after its cells ran, as Jupyter keeps them."""
    names: dict = {"In": ["", *cells]}
    for cell in cells:
        exec(cell, names)
    return names


def test_injected_parameters_win():
    names = notebook("# Parameters\nruns = 'a'\nseed = 1", "# Parameters\nseed = 2")
    assert Example.read(names) == Example(runs="a", seed=2)


def test_a_misspelt_injected_name_is_an_error():
    with pytest.raises(ParameterError, match=r"unknown parameter 'sed' \(did you mean 'seed'\?\)"):
        Example.read(notebook("seed = 1", "# Parameters\nsed = 2"))


def test_what_is_accepted_begins_with_what_is_a_notebooks_own():
    class More(Example):
        own: int = 1

    with pytest.raises(ParameterError, match=r"accepted: own, runs, seed$"):
        More.checked(owm=2)


def test_true_and_false_may_be_words():
    class Flagged(Example):
        resume: bool = False

    assert Flagged.checked(resume="true").resume is True
    assert Flagged.checked(resume="false", runs="true") == Flagged(runs="true")
    with pytest.raises(ParameterError, match="parameter 'resume'"):
        Flagged.checked(resume="maybe")


def test_infinity_is_named_and_hides_no_misspelt_name():
    class Rated(Example):
        rate: float = 0.1

    cell = "# Parameters\nrate = float('inf')\nsed = 2"
    with pytest.raises(ParameterError) as told:
        Rated.read(notebook("rate = 0.1", cell))
    assert {line.split("'")[1] for line in str(told.value).splitlines()} == {"rate", "sed"}


def test_running_the_parameter_cell_again_is_no_error():
    names = notebook("seed = 1", "import math\nresult = math.pi", "count = len('abc')", "seed = 4")
    assert Example.read(names).seed == 4


def test_a_check_over_several_names_them_itself():
    class Ordered(Parameters):
        low: int = 0
        high: int = 1

        @model_validator(mode="after")
        def _order(self):
            if self.low > self.high:
                raise ValueError("parameters 'low' and 'high': not in this order")
            return self

    with pytest.raises(ParameterError, match=r"^parameters 'low' and 'high': not in this order$"):
        Ordered.read({"low": 3})


def test_outside_jupyter_plain_values_count():
    assert Example.read({"seed": 3, "_private": 1, "print": print}).seed == 3
    with pytest.raises(ParameterError, match="unknown parameter 'other'"):
        Example.read({"seed": 3, "other": 1})


def test_a_missing_parameter_is_named():
    class Needed(Parameters):
        runs: str

    with pytest.raises(ParameterError, match="parameter 'runs' is missing"):
        Needed.read({})


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("a = 1\nb = [1, 'x', None]  # why", ["a", "b"]),
        ("# only words", []),
        ("a = 1\nprint(a)", []),
        ("a = open('x')", []),
        ("a: int = 1", []),
        ("a, b = 1, 2", []),
        ("%matplotlib inline", []),
    ],
)
def test_only_cells_of_literal_assignments_hold_parameters(cell, names):
    assert [name for name, _ in literals(cell)] == names


def test_their_values_are_read_too():
    assert dict(literals("a = 1\nb = [1, None]\na = 'x'")) == {"a": "x", "b": [1, None]}
