import multiprocessing

from torch.utils.flop_counter import FlopCounterMode

from benchmarks import _mmengine, _ours
from benchmarks._common import Speed, Window, Workload
from benchmarks._mmengine import Images, Setting
from trainstudy.segmentation.run import prepare

TINY = Workload("segformer_b0", "streets", 2, (32, 48), photometric=True, device="cpu")


def test_operations_are_those_of_a_real_step(tiny_data):
    task = _ours.task_of(TINY, prepare(_ours.parameters(TINY)))
    with FlopCounterMode(display=False) as counter:
        task.loss(task.batch(1)).backward()
    assert _ours.operations.__wrapped__(TINY) == counter.get_total_flops() > 0


def test_the_peer_trains_on_the_same_images_with_the_same_settings(tiny_data, tmp_path):
    images = Images.write("streets", tmp_path / "images")
    runner = _mmengine.make_runner(TINY, images, Setting(0), tmp_path / "work", until=1)
    _mmengine.run(runner)
    loaded = runner.val_dataloader.dataset[0]
    assert runner.val_dataloader.dataset.metainfo["classes"] == tiny_data.train.classes
    assert (loaded["inputs"].flip(0).permute(1, 2, 0).numpy() == tiny_data.val.images[0]).all()
    label = loaded["data_samples"].gt_sem_seg.data[0].numpy()
    assert (label == tiny_data.val.labels[0]).all()
    ours = _ours.task_of(TINY, prepare(_ours.parameters(TINY)))
    assert runner.train_dataloader.batch_size == ours.batch_size
    theirs = {group["initial_lr"] for group in runner.optim_wrapper.param_groups}
    assert theirs == {group["lr"] for group in ours.optimizer.param_groups}
    steps = [type(step).__name__ for step in runner.train_dataloader.dataset.pipeline.transforms]
    assert steps[2:-1] == ["RandomResize", "RandomCrop", "RandomFlip", "PhotoMetricDistortion"]


def test_the_precision_is_chosen_first_then_the_workers(monkeypatch):
    tried = []

    def speed(workload, images, setting, window):
        tried.append(setting)
        rate = {"float32": 20.0, "bfloat16": 10.0}[setting.precision] + setting.workers
        return Speed(rate + 5 * setting.compiled, 0.0, 0, "cpu")

    monkeypatch.setattr(_mmengine, "speed", speed)
    rates = _mmengine.screen(TINY, None, ["bfloat16", "float32"], [0, 2, 4], True, Window())
    precisions = [("bfloat16", 2), ("float32", 2), ("float32", 0), ("float32", 4), ("float32", 4)]
    assert [(one.precision, one.workers) for one in tried] == precisions
    assert max(rates, key=rates.get) == Setting(4, "float32", compiled=True)


def test_a_runner_with_worker_processes_can_be_left(tiny_data, tmp_path):
    images = Images.write("streets", tmp_path)
    assert _mmengine.speed(TINY, images, Setting(workers=2), Window(1, 1)).rate > 0
    assert not multiprocessing.active_children()
