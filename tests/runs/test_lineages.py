import json
import shutil

import pytest

from trainstudy.paths import project_root
from trainstudy.runs.chains import read_chains
from trainstudy.runs.lineages import EXPECTED, find
from trainstudy.runs.record import METRICS, RUN, STUDY

INPUTS = {"learning_rate": 1e-3, "learning_rates": {}, "size": 64}


@pytest.fixture
def trained(tmp_path):
    """trained(stage, *earlier, ...): a record as training leaves it; the name of its run."""

    def train(stage, *earlier, seed=0, like="", iteration=10, remedies="", weighting="equal",
              schedule="constant:warmup=0", told=(), **inputs):  # fmt: skip
        tasks = stage.split(">")[-1].split("+")
        phases = [{"epochs": 3, "tasks": tasks, "rate": 1.0, "mix": "together"}]
        spec = {"stage": stage, "tasks": tasks, "remedies": remedies, "weighting": weighting,
                "schedule": schedule, "seed": seed}  # fmt: skip
        given = {**INPUTS, "phases": phases, "earlier": list(told), **inputs}
        kind = "-".join(filter(None, (stage, remedies, weighting, schedule, like, *inputs)))
        name = f"{kind.replace('>', '.')}-s{seed}"
        record = {
            "spec": spec, "inputs": given, "starts_from": list(earlier), "replicate_of": kind,
            "iteration": iteration, "until": 10, "checkpoint": {"sha256": name},
        }  # fmt: skip
        (tmp_path / name).mkdir()
        (tmp_path / name / RUN).write_text(json.dumps(record))
        return name

    return train


def chains(folder):
    return {(chain.cell, chain.seed): chain for chain in read_chains(folder)}


def cells(folder):
    return list(dict.fromkeys(chain.cell for chain in read_chains(folder)))


def sequence(trained, *stages, seed=0, **last):
    """A training of several stages; the names of its runs."""
    names = []
    for place in range(len(stages)):
        path = ">".join(stages[: place + 1])
        options = last if place == len(stages) - 1 else {}
        names.append(trained(path, *names, seed=seed, **options))
    return names


def test_every_path_that_a_run_stands_for_is_a_chain(trained, tmp_path):
    trained("seg+det+cls")
    runs = {seed: sequence(trained, "seg", "det", "cls", seed=seed) for seed in (1, 0)}
    found = chains(tmp_path)
    assert cells(tmp_path) == ["single:seg", "joint", "seg,det,cls", "seg,det"]
    for seed, names in runs.items():
        stages = found["seg,det,cls", seed].stages
        assert [stage for stage, _ in stages] == ["seg", "seg>det", "seg>det>cls"]
        assert [run for _, run in stages] == [tmp_path / name for name in names]
        assert found["single:seg", seed].stages == stages[:1]


@pytest.mark.parametrize(
    ("stages", "cell"),
    [
        (["det"], "single:det"),
        (["seg+det+cls"], "joint"),
        (["det+cls"], "joint:det,cls"),
        (["cls", "det"], "cls,det"),
        (["seg", "seg+det", "seg+det+cls"], "cumulative:seg,det,cls"),
    ],
)
def test_a_cell_is_called_by_its_order(trained, tmp_path, stages, cell):
    sequence(trained, *stages)
    assert cell in cells(tmp_path)


def test_remedies_are_always_told(trained, tmp_path):
    first = trained("seg")
    trained("seg>det", first, remedies="lwf:strength=1.0,temperature=2.0,replay:images=10,own_rows")
    assert cells(tmp_path) == ["single:seg", "seg,det lwf replay=10 own_rows"]


def test_remedies_that_differ_between_stages_are_told_by_task(trained, tmp_path):
    first = trained("seg")
    second = trained("seg>det", first, remedies="lwf")
    trained("seg>det>cls", first, second, remedies="ewc:strength=10.0")
    assert "seg,det,cls det:lwf cls:ewc" in cells(tmp_path)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"weighting": "report_formula"}, "weighting=equal"),  # the report's keeps the plain name
        ({"weighting": "dwa"}, "weighting=dwa"),
        ({"schedule": "cosine:end=10"}, "schedule=cosine"),
        ({"learning_rate": 3e-4}, "rate=0.0003"),
        ({"smoothing": 0.1}, "smoothing=0.1"),
        ({"like": "x", "validations": [1]}, "seg+de"),  # the digest
    ],
)
def test_what_differs_tells_equal_names_apart(trained, tmp_path, other, words):
    trained("seg+det+cls", seed=0)
    trained("seg+det+cls", seed=1)
    trained("seg+det+cls", **other)
    assert cells(tmp_path) == ["joint", f"joint {words}"]


def test_strengths_tell_equal_remedies_apart(trained, tmp_path):
    first = trained("seg")
    for strength in (1.0, 3.0):
        trained("seg>det", first, remedies=f"lwf:strength={strength}")
    assert cells(tmp_path)[1:] == ["seg,det lwf", "seg,det lwf lwf:strength=3.0"]


def test_runs_that_were_not_trained_to_their_end_are_left_out(trained, tmp_path):
    first = trained("seg")
    trained("seg>det", first, iteration=5)
    assert cells(tmp_path) == ["single:seg"]
    shutil.rmtree(tmp_path / first)
    assert find(tmp_path) == ([], [])


def test_a_stage_that_was_trained_anew_is_no_longer_that_of_the_old_sequence(trained, tmp_path):
    first = trained("seg")
    old = trained("seg>det", first, like="old", told=[{"sha256": "before"}])
    new = trained("seg>det", first, told=[{"sha256": first}])
    rows, faults = find(tmp_path)
    assert [row["stages"][-1]["run"] for row in rows] == [first, new]
    assert [fault.file for fault in faults] == [tmp_path / old / RUN]


def test_a_second_run_of_one_kind_and_seed_is_told(trained, tmp_path):
    name = trained("seg")
    shutil.copytree(tmp_path / name, tmp_path / f"{name}-2")
    rows, (fault,) = find(tmp_path)
    assert len(rows) == 1
    assert fault.file == tmp_path / f"{name}-2" / RUN
    assert name in fault.reason


@pytest.mark.parametrize(
    "content", ["{", "{}", '{"spec": {"stage": "seg"}}', '{"spec": {"stage": 1}, "iteration": 2}']
)
def test_records_that_cannot_be_read_are_told_beside_the_others(trained, tmp_path, content):
    trained("seg")
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / RUN).write_text(content)
    (tmp_path / "lost").mkdir()
    (tmp_path / "lost" / METRICS).write_text("")
    rows, faults = find(tmp_path)
    assert [row["cell"] for row in rows] == ["single:seg"]
    assert {fault.file for fault in faults} == {tmp_path / n / RUN for n in ("damaged", "lost")}
    with pytest.raises(ValueError, match=r"run\.json"):
        read_chains(tmp_path)


def test_trainings_of_other_kinds_are_no_fault(trained, tmp_path):
    trained("seg")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / RUN).write_text('{"spec": {"strategy": "std_none"}, "iteration": 4}')
    assert find(tmp_path)[1] == []


@pytest.mark.parametrize("content", [None, "{}", '{"spec": {"strategy": "std_none"}}'])
def test_a_folder_without_any_is_told_what_is_expected(tmp_path, content):
    if content:
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / RUN).write_text(content)
    with pytest.raises(ValueError, match=f"{tmp_path}.*{STUDY}.*runs_root") as error:
        read_chains(tmp_path)
    assert EXPECTED in str(error.value)


def test_the_cells_of_the_studys_plan_are_found_again_by_their_names():
    folder = project_root() / "results/multitask/minis"
    rows, _ = find(folder)
    planned = {(chain.cell, chain.seed): chain.stages[-1][1].name for chain in read_chains(folder)}
    found = {(row["cell"], row["seed"]): row["stages"][-1]["run"] for row in rows}
    shared = {
        "joint", "joint weighting=equal", "joint schedule=cosine", "joint epochs=100",
        "joint warmup=15", "single:seg", "single:det", "single:cls epochs=150", "seg,det,cls",
    }  # fmt: skip
    for key in ((cell, seed) for cell in shared for seed in range(5)):
        assert found[key] == planned[key]
