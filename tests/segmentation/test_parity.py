"""The numbers of mmsegmentation and mmengine, from the same weights and the same batches."""

import copy

import numpy as np
import pytest
import torch
from mmengine.structures import PixelData
from mmseg.apis import init_model
from mmseg.evaluation import IoUMetric
from mmseg.structures import SegDataSample

from trainstudy.runs.record import read_metrics
from trainstudy.segmentation import metrics
from trainstudy.segmentation.export import export
from trainstudy.segmentation.models import zoo
from trainstudy.training import schedules
from trainstudy.training.loop import Plan, train

STEPS, END = 50, 40  # the last ten at the floor

# Measured on the CPU: all three equal to the bit, the same kernels in the same order. The room is
# for another order of the same sums; a rate off by 1e-4 of itself moves losses by 3e-3 and more.
LOSSES = 1e-5  # relative
WEIGHTS = 1e-5  # absolute
LOGITS = 1e-5  # absolute, of logits around 10


def test_the_first_losses_and_the_weights_after_them(config, task, train_with_mmengine, tmp_path):
    start = copy.deepcopy(task.module.state_dict())
    batches = [task.batch(iteration) for iteration in range(1, STEPS + 1)]
    theirs, runner = train_with_mmengine(
        config, batches, tmp_path / "mmengine", end=END, interval=STEPS
    )
    folder = tmp_path / "ours"
    folder.mkdir()
    schedule = schedules.parse(f"poly:end={END},power=0.9,floor=1e-5")
    train(task, folder, Plan(schedule, seed=0, until=STEPS, interval=STEPS), quiet=True)
    ours = [row["loss"] for row in read_metrics(folder, "train")]
    assert len(ours) == len(theirs) == STEPS
    np.testing.assert_allclose(ours, theirs, rtol=LOSSES)
    trained, weights = task.module.state_dict(), runner.model.state_dict()
    torch.testing.assert_close(trained, weights, rtol=0, atol=WEIGHTS)
    assert all(
        not torch.equal(value, start[key]) for key, value in trained.items() if value.ndim == 4
    )


@pytest.mark.filterwarnings("ignore::UserWarning:mmseg")
def test_logits_and_miou_of_the_same_weights(config, task, write_run, tmp_path):
    torch.manual_seed(0)
    for name, head in task.module.named_modules():
        if name.endswith("conv_seg"):
            torch.nn.init.normal_(head.weight)  # so that the classes differ from pixel to pixel
    heads = {"decode_head", "auxiliary_head"} & config.model.keys()
    reference = init_model(
        zoo()[config.name],
        str(export(write_run(config, task.module, task.val.classes), tmp_path / "out.pth")),
        device="cpu",
        cfg_options={f"model.{head}.num_classes": 3 for head in heads},
    )
    ours, theirs = (_record_logits(model) for model in (task.module.eval(), reference))
    with torch.inference_mode():
        classes = task.predict(task.val.images)
        results = reference.test_step(_as_mmsegmentation_loads(task.val))
        torch.testing.assert_close(ours[0], theirs[0], rtol=0, atol=LOGITS)
        found = metrics.summarise(task.confusions(task.val), task.val.domains)
    assert len(classes.unique()) > 1
    metric = IoUMetric()
    metric.dataset_meta = reference.dataset_meta
    metric.process({}, [result.to_dict() for result in results])
    assert found["mIoU"] == pytest.approx(metric.evaluate(len(results))["mIoU"], abs=0.005)


def _record_logits(model):
    logits = []
    model.decode_head.conv_seg.register_forward_hook(lambda *call: logits.append(call[-1]))
    return logits


def _as_mmsegmentation_loads(dataset):
    """A whole set as the test pipeline gives it to a model: BGR."""
    shape = dataset.labels.shape[1:]
    sizes = {"img_shape": shape, "ori_shape": shape, "pad_shape": shape}
    return {
        "inputs": [torch.from_numpy(i).permute(2, 0, 1).flip(0) for i in dataset.images],
        "data_samples": [
            SegDataSample(gt_sem_seg=PixelData(data=torch.from_numpy(label)[None]), metainfo=sizes)
            for label in dataset.labels
        ],
    }
