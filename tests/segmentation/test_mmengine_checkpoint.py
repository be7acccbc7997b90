"""Files of the installed mmengine's own Runner."""

from functools import partial

import numpy as np
import pytest
import torch
from mmengine.optim.optimizer import amp_optimizer_wrapper

from trainstudy.runs.record import read_metrics
from trainstudy.segmentation.mmengine_checkpoint import import_checkpoint, iteration_of
from trainstudy.segmentation.mmengine_file import read
from trainstudy.segmentation.models import build, configure
from trainstudy.training import optimizer_state, schedules
from trainstudy.training.loop import Plan, train
from trainstudy.training.task import Batch

CONFIG = configure("segformer_b0", classes=3)
END = 40


@pytest.fixture(scope="module")
def module():
    return build(CONFIG, seed=1)


@pytest.fixture(scope="module")
def make(train_with_mmengine, tmp_path_factory):
    """mmengine's checkpoint after three iterations on noise, and the Runner that wrote it."""
    rng = np.random.default_rng(0)
    images = torch.from_numpy(rng.integers(0, 256, (3, 2, 3, 32, 32), dtype=np.uint8))
    labels = torch.from_numpy(rng.integers(0, 3, (3, 2, 32, 32), dtype=np.uint8))
    batches = [Batch(*pair, [], []) for pair in zip(images, labels, strict=True)]

    def train_three(**more):
        folder = tmp_path_factory.mktemp("mmengine")
        _, runner = train_with_mmengine(CONFIG, batches, folder, end=END, interval=3, **more)
        (path,) = folder.glob("*.pth")
        return path, runner

    return train_three


@pytest.fixture(scope="module")
def path(make):
    return make()[0]


def test_mmengine_training_goes_on_as_mmengine_goes_on(config, task, train_with_mmengine, tmp_path):
    batches = [task.batch(iteration) for iteration in range(1, 7)]
    theirs, runner = train_with_mmengine(config, batches, tmp_path / "it", end=END, interval=3)
    origin = import_checkpoint(tmp_path / "it/iter_3.pth", config, task.module)
    folder = tmp_path / "ours"
    folder.mkdir()
    plan = Plan(schedules.parse(f"poly:end={END},floor=1e-5"), seed=0, until=6, interval=3)
    assert train(task, folder, plan, origin=origin, quiet=True)[0] == 3
    rows = read_metrics(folder, "train")
    assert [row["iteration"] for row in rows] == [4, 5, 6]
    # measured: equal to the bit; a fresh optimizer is 1e-2 off
    np.testing.assert_allclose([row["loss"] for row in rows], theirs[3:], rtol=1e-6)
    torch.testing.assert_close(
        task.module.state_dict(), runner.model.state_dict(), rtol=0, atol=1e-6
    )


def test_what_the_file_says_of_itself(path, module):
    before = {key: value.clone() for key, value in module.state_dict().items()}
    found = import_checkpoint(path, CONFIG, module)
    assert found.state["learning_rate"] == 1e-3
    (scheduler,) = found.state["schedulers"]
    assert scheduler | {"end": END, "eta_min": 1e-5, "power": 0.9, "begin": 0} == scheduler
    assert list(found.sums) == [path.name]
    torch.testing.assert_close(module.state_dict(), before, rtol=0, atol=0)


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({}, "iter_3.pth"),
        ({"by_epoch": True}, "epoch_1.pth"),
        ({"wrapper": {"type": "AmpOptimWrapper"}}, "iter_3.pth"),
    ],
)
def test_every_state_is_under_its_parameters_name(make, module, monkeypatch, more, name):
    # mmengine asks for a GPU; the loss scaler itself runs anywhere
    monkeypatch.setattr(amp_optimizer_wrapper, "is_cuda_available", lambda: True)
    monkeypatch.setattr(amp_optimizer_wrapper, "GradScaler", partial(torch.amp.GradScaler, "cpu"))
    path, runner = make(**more)
    assert path.name == name
    assert ("loss_scaler" in read(path)["optimizer"]) == ("wrapper" in more)
    found = import_checkpoint(path, CONFIG, module)
    assert iteration_of(path) == found.iteration == 3
    expected = {
        "model": dict(runner.model.state_dict()),
        "optimizer": optimizer_state.flatten(runner.optim_wrapper.optimizer, runner.model),
    }
    torch.testing.assert_close(found.tensors, expected, rtol=0, atol=0)


@pytest.fixture
def change(path, tmp_path):
    """The same file after a change to its content."""

    def write(edit):
        content = read(path)
        del content["message_hub"]  # was not read
        edit(content)
        torch.save(content, tmp_path / "iter_3.pth")
        return tmp_path / "iter_3.pth"

    return write


def test_weights_alone_are_taken_where_asked(change, module):
    bare = change(lambda content: content.pop("optimizer"))
    with pytest.raises(ValueError, match=r"iter_3.pth: holds no state of one optimizer"):
        import_checkpoint(bare, CONFIG, module)
    found = import_checkpoint(bare, CONFIG, module, weights_only=True)
    assert found.tensors["optimizer"] == {}
    assert found.tensors["model"].keys() == module.state_dict().keys()


def test_names_of_a_parallel_model_are_its_own(change, path, module):
    def wrap(content):
        content["state_dict"] = {f"module.{k}": v for k, v in content["state_dict"].items()}

    found, plain = (import_checkpoint(p, CONFIG, module) for p in (change(wrap), path))
    torch.testing.assert_close(found.tensors["model"], plain.tensors["model"], rtol=0, atol=0)


HEAD = "decode_head.conv_seg"


def _of_another_kind(content):
    for group in content["optimizer"]["param_groups"]:
        del group["betas"]


def _more_classes(content):
    for kind in ("weight", "bias"):
        value = content["state_dict"][f"{HEAD}.{kind}"]
        content["state_dict"][f"{HEAD}.{kind}"] = value.repeat(4, *[1] * (value.ndim - 1))


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda c: c["state_dict"].pop(f"{HEAD}.bias"), rf"1 missing \({HEAD}.bias\)"),
        (lambda c: c["state_dict"].update(a=torch.ones(1)), r"1 unexpected \(a\)"),
        (
            lambda c: c["state_dict"].update({f"{HEAD}.bias": torch.ones(5)}),
            rf"1 of another shape \({HEAD}.bias \(5,\) for \(3,\)\)",
        ),
        (_more_classes, "trained for 12 classes, not for 3"),
        (
            _of_another_kind,
            "another optimizer: 177 parameters with amsgrad, eps.*AdamW with .*betas",
        ),
        (lambda c: c["optimizer"]["param_groups"].pop(), "another optimizer: 176 .* for 177"),
        (
            lambda c: c["optimizer"]["state"][0].update(exp_avg=torch.ones(2)),
            r"another optimizer: 'exp_avg' of backbone\S+ has shape \(2,\), the parameter \(32, 3",
        ),
        (lambda c: c.update(ema_state_dict={}), "an average over the training"),
        (lambda c: c["meta"].clear(), "holds no iteration"),
    ],
)
def test_what_does_not_fit_is_named(change, module, edit, message):
    with pytest.raises(ValueError, match=rf"iter_3.pth: .*{message}"):
        import_checkpoint(change(edit), CONFIG, module)


def test_the_weights_of_another_model_are_named_in_short(path):
    other = configure("pspnet_r18", classes=3)
    with pytest.raises(
        ValueError, match=r"another model: 170 missing \(\S+, \S+, \S+, \.\.\.\); 190"
    ):
        import_checkpoint(path, other, build(other, 0))


def test_other_settings_of_the_optimizer_are_warned_of(change, module):
    def edit(content):
        for group in content["optimizer"]["param_groups"]:
            group |= {"weight_decay": 0.5, "initial_lr": 1e-3}

    told = r"lr_mult 1.0 \(now 10.0\), weight_decay 0.5 \(now 0.0\), weight_decay 0.5 \(now 0.01\)"
    with pytest.warns(UserWarning, match=rf"iter_3.pth: trained with {told}$"):
        import_checkpoint(change(edit), CONFIG, module)


def test_steps_counted_in_integers_are_read(change, module):
    """As torch wrote them before 1.12."""

    def edit(content):
        for state in content["optimizer"]["state"].values():
            state["step"] = 3

    found = import_checkpoint(change(edit), CONFIG, module)
    assert torch.equal(found.tensors["optimizer"][f"{HEAD}.bias/step"], torch.tensor(3.0))
