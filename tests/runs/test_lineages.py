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
    """trained(stage, *earlier, ...): a record as training leaves it; the name of its run.

    Of an earlier run the name tells what was in it, unless ``told`` does.
    """

    def train(stage, *earlier, seed=0, like="", iteration=10, remedies="",
              weighting="report_formula", schedule="constant:warmup=0", told=(), epochs=50,
              warmup=5, **inputs):  # fmt: skip
        tasks = stage.split(">")[-1].split("+")
        phases = [{"epochs": epochs, "tasks": tasks, "rate": 1.0, "mix": "together"}]
        if len(tasks) > 1 and not earlier:
            warm = warmup if isinstance(warmup, dict) else dict.fromkeys(tasks, warmup)
            phases = [
                *({"epochs": warm[t], "tasks": [t], "rate": 1, "mix": "in turn"} for t in tasks),
                {"epochs": epochs - 5 - sum(warm.values()) / len(tasks), "tasks": tasks,
                 "rate": 1, "mix": "together"},
                {"epochs": 5, "tasks": tasks, "rate": 0.1, "mix": "together"},
            ]  # fmt: skip
        spec = {"stage": stage, "tasks": tasks, "remedies": remedies, "weighting": weighting,
                "schedule": schedule, "seed": seed}  # fmt: skip
        given = {
            **INPUTS, "phases": phases, "weighting": weighting if len(tasks) > 1 else None,
            "earlier": [{"sha256": name} for name in told or earlier], **inputs,
        }  # fmt: skip
        options = (f"{epochs}", f"{warmup}", *inputs)
        kind = "-".join(filter(None, (like, stage, remedies, weighting, schedule, *options)))
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
        ({"weighting": "equal"}, "weighting=equal"),
        ({"weighting": "dwa"}, "weighting=dwa"),
        ({"schedule": "cosine:end=10"}, "schedule=cosine"),
        ({"schedule": "cosine:end=10,floor=1e-07"}, "schedule=cosine:floor=1e-07"),
        ({"epochs": 100, "warmup": 10}, "epochs=100 finetune=5"),
        ({"warmup": 15}, "warmup=15"),
        ({"warmup": {"seg": 10, "det": 15, "cls": 5}}, "warmup=seg:10+det:15+cls:5"),
        ({"learning_rate": 3e-4}, "rate=0.0003"),
        ({"smoothing": 0.1}, "smoothing=0.1"),
        ({"like": "digest", "validations": [1]}, "digest"),
    ],
)
def test_what_differs_tells_equal_names_apart(trained, tmp_path, other, words):
    trained("seg+det+cls", seed=0)
    trained("seg+det+cls", seed=1)
    trained("seg+det+cls", **other)
    assert cells(tmp_path) == ["joint", f"joint {words}"]


@pytest.mark.parametrize(("weighting", "cell"), [("equal", " weighting=equal"), (None, "")])
def test_what_all_have_is_not_told_but_for_a_weighting(trained, tmp_path, weighting, cell):
    for warmup in (5, 10):
        trained(
            "seg+det+cls", weighting=weighting or "report_formula", smoothing=0.1, warmup=warmup
        )
    assert cells(tmp_path) == [f"joint{cell}", f"joint{cell} warmup=10"]


def test_no_training_is_called_as_the_plans_that_is_not_there(trained, tmp_path):
    trained("seg")
    trained("seg+det+cls", warmup=10)
    trained("seg+det+cls", warmup={"seg": 10, "det": 15, "cls": 5})
    assert cells(tmp_path)[1:] == ["joint warmup=10", "joint warmup=seg:10+det:15+cls:5"]


def test_what_differs_between_stages_is_told_by_stage(trained, tmp_path):
    first = trained("seg")
    trained("seg>det", first, epochs=200)
    assert cells(tmp_path) == ["single:seg", "seg,det seg:epochs=50 det:epochs=200"]


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
    old = trained("seg>det", first, like="old", told=["before"])
    new = trained("seg>det", first)
    rows, faults = find(tmp_path)
    assert [row["stages"][-1]["run"] for row in rows] == [first, new]
    assert [fault.file for fault in faults] == [tmp_path / old / RUN]


def test_a_stage_that_was_renamed_is_found_by_its_checkpoint(trained, tmp_path):
    first = trained("seg")
    last = trained("seg>det", first)
    (tmp_path / first).rename(tmp_path / f"{first}-2")
    trained("seg")
    record = json.loads((tmp_path / first / RUN).read_text())
    (tmp_path / first / RUN).write_text(json.dumps(record | {"checkpoint": {"sha256": "other"}}))
    rows, (fault,) = find(tmp_path)
    assert [stage["run"] for stage in rows[-1]["stages"]] == [f"{first}-2", last]
    assert "a second one" in fault.reason


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
    shutil.copytree(tmp_path / trained("seg"), tmp_path / ".draft")
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


def test_the_chains_of_the_study_are_found_again_and_none_by_anothers_name():
    folder = project_root() / "results/multitask/minis"
    rows, faults = find(folder)
    planned = {
        (chain.cell, chain.seed): [run.name for run in chain.runs] for chain in read_chains(folder)
    }
    found = {(row["cell"], row["seed"]): [s["run"] for s in row["stages"]] for row in rows}
    assert len(found) == len(rows)
    assert {*map(tuple, planned.values())} <= {*map(tuple, found.values())}
    shared = found.keys() & planned.keys()
    assert {key: found[key] for key in shared} == {key: planned[key] for key in shared}
    assert {cell for cell, _ in shared} >= {
        "joint", "joint weighting=equal", "joint warmup=10", "seg,det,cls lwf own_rows",
        "cumulative:seg,det,cls", "single:cls epochs=150",
    }  # fmt: skip
    assert all("a second one of its kind" in fault.reason for fault in faults)
