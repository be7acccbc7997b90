import pandas as pd
import pytest

from trainstudy.multitask.parameters import TrainMultitask, spanning
from trainstudy.parameters import ParameterError


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"ordre": "joint"}, "ordre"),
        ({"order": "seg,dog"}, "expected different ones of seg, det, cls"),
        ({"order": "jiont:seg"}, "unknown way 'jiont'; accepted: cumulative, joint"),
        ({"remedies": "ewc:strenth=3"}, "strenth"),
        (
            {"order": "seg,det,cls", "remedies": {"det": "lwf", "seg": "lwf"}},
            "parameter 'remedies': no stage with earlier ones adds seg; .* for: det, cls",
        ),
        ({"order": "joint", "remedies": {"det": "lwf"}}, "'joint' has such stages for: none"),
        (
            {"order": "joint", "remedies": "own_rows"},
            "'remedies': own_rows would do nothing: .*'joint'",
        ),
        (
            {"order": "single:seg", "remedies": "lwf"},
            "lwf.* would do nothing: in order 'single:seg'",
        ),
        ({"order": "cumulative:seg,det", "remedies": "lwf"}, "would do nothing"),
        ({"order": "seg,det", "remedies": {"det": "lfw"}}, "unknown remedy 'lfw'"),
        ({"weighting": "equl"}, "unknown weighting 'equl'; accepted: .*equal"),
        ({"schedule": "cosin"}, "unknown schedule 'cosin'"),
        ({"schedule": "cosine:ende=4"}, "ende"),
        ({"schedule": "cooldown:start=120,end=121"}, "must be at least start \\+ 2"),
        ({"looks": "[2, 3"}, "parameter 'looks': no list such as"),
        ({"looks": "[0]"}, "parameter 'looks'"),
        ({"epochs": "{[1]: 2}"}, "parameter 'epochs': no mapping"),
        ({"seed": 2**63}, "parameter 'seed': .*9223372036854775807"),
        ({"seed": -1}, "parameter 'seed'"),
        ({"backbone": "resnet50"}, "unknown backbone 'resnet50'; accepted: .*efficientnet_lite0"),
        ({"learning_rates": {"dog": 0.1}}, r"unknown task \['dog'\]"),
        ({"det_loss": "ce"}, "parameter 'det_loss': unknown 'ce'; accepted: quality_focal"),
        ({"size": 100}, "multiple of 32"),
        ({"warmup_epochs": 49.0}, "parameters 'warmup_epochs', .* they last 54 of 50 epochs"),
        ({"order": "seg,det", "warmup_epochs": 1.0}, "parameter 'warmup_epochs': order 'seg,det'"),
        ({"smoothing": 1.0}, "parameter 'smoothing'"),
        ({"schedule": "cosine:floor=0.01"}, "floor 0.01 is above the lowest rate, 0.0001,"),
        (
            {"schedule": "cosine:floor=1e-05", "backbone_rate": 0.001},
            "floor 1e-05 is above the lowest rate, 1e-06, of learning_rate and",
        ),
        ({"schedule": "step:every=2,every=3"}, "an option is given twice"),
        ({"remedies": '{"cls": "lwf"'}, "parameter 'remedies': no mapping"),
        ({"epochs": "fifty"}, "epochs"),
        ({"order": "seg,det", "epochs": {"seg": 3}}, "parameter 'epochs'"),
    ],
)
def test_what_is_wrong_is_named_before_any_work(parameters, message):
    with pytest.raises(ParameterError, match=message):
        TrainMultitask.checked(**parameters)


def test_remedies_are_told_in_full():
    given = TrainMultitask.checked(order="seg,det,cls", remedies="lwf, replay")
    assert given.remedies == "lwf:strength=1.0,temperature=2.0,replay:images=10"


def test_a_floor_that_is_not_given_is_never_above_a_rate():
    low = TrainMultitask.checked(schedule="cosine", learning_rate=5e-5)
    assert low.spanning(9).endswith("end=9,floor=5e-06")
    assert TrainMultitask.checked(schedule="cosine").spanning(9).endswith("floor=1e-05")


def test_mappings_may_be_text():
    """What papermill's -p gives."""
    text = {"remedies": '{"cls": "lwf"}', "epochs": '{"seg": 1, "cls": 2.5}'}
    found = TrainMultitask.checked(order="seg,cls", **text)
    told = {"remedies": {"cls": "lwf"}, "epochs": {"seg": 1, "cls": 2.5}}
    assert found == TrainMultitask.checked(order="seg,cls", **told)


def test_a_list_may_be_text():
    assert TrainMultitask.checked(looks="[2, 3]").looks == [2, 3]


def test_the_highest_seed_is_one_that_tables_hold():
    seed = TrainMultitask.checked(seed=2**63 - 1).seed
    assert pd.Series([seed]).astype("int64").tolist() == [seed]


def test_remedies_can_be_told_by_the_task_that_a_stage_adds():
    given = TrainMultitask.checked(
        order="seg,det,cls", remedies={"cls": "replay", "det": "own_rows"}
    )
    found = [given.remedies_in(stage) for stage in given.stages]
    assert found == ["", "own_rows", "replay:images=10"]
    some = TrainMultitask.checked(order="seg,det,cls", remedies={"cls": "own_rows"})
    assert [some.remedies_in(stage) for stage in some.stages] == ["", "", "own_rows"]
    every = TrainMultitask.checked(order="seg,det,cls", remedies="own_rows")
    assert [every.remedies_in(stage) for stage in every.stages] == ["", "own_rows", "own_rows"]


@pytest.mark.parametrize(
    ("text", "full"),
    [
        ("constant", "constant:warmup=0"),
        ("cosine", "cosine:warmup=0,end=300,floor=1e-05"),
        ("cosine:end=90,floor=0.001", "cosine:warmup=0,end=90,floor=0.001"),
        ("step:gamma=0.5", "step:warmup=0,every=100,gamma=0.5,floor=1e-05"),
        ("cooldown:warmup=5", "cooldown:warmup=5,start=240,end=300,floor=1e-05"),
    ],
)
def test_a_schedule_spans_its_stage_unless_it_says_otherwise(text, full):
    assert spanning(text, 300) == full


def test_a_schedule_is_held_against_the_length_that_a_stage_has():
    long = TrainMultitask.checked(order="seg,det", epochs=10, schedule="cooldown:start=120")
    assert long.spanning(150) == "cooldown:warmup=0,start=120,end=150,floor=1e-05"
    short = TrainMultitask.checked(schedule="cooldown:end=5")
    assert short.spanning(3) == "cooldown:warmup=0,start=2,end=5,floor=1e-05"
    with pytest.raises(ValueError, match="parameter 'schedule': stage 'seg' has 121 iterations: "):
        long.spanning(121, "stage 'seg'")


@pytest.mark.parametrize(
    ("parameters", "factor"),
    [
        ({"backbone": "efficientnet_lite0"}, 0.1),
        ({"backbone": "mobilenetv3_small"}, 1.0),
        ({"backbone": "efficientnet_lite0", "backbone_rate": 1.0}, 1.0),
    ],
)
def test_a_trained_backbone_learns_at_a_tenth_of_the_rate_unless_told_otherwise(parameters, factor):
    given = TrainMultitask.checked(**parameters)
    assert given.backbone_factor == factor == given.effective()["backbone_rate"]
