"""Damage never raises and never makes a row that the undamaged file did not have."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.runs.readers import read_runs

KEEP = "none/streets/m"
STAMP = "2026/01/17 10:00:00 - mmengine - INFO - "
TRAINED = range(50, 701, 50)


def _scalars() -> str:
    text = ""
    for at in TRAINED:
        text += f'{{"lr": 0.01, "loss": 0.5, "iter": {at}, "step": {at}}}\n'
        if at % 100 == 0:
            text += f'{{"aAcc": 9{at / 1000}, "mIoU": 3{at / 1000}, "step": {at}}}\n'
    return text


def _epochs() -> str:
    text = ""
    for at in range(2, 67, 2):
        text += f'{{"loss": 0.5, "epoch": {(at + 5) // 6}, "iter": {at}, "step": {at}}}\n'
        if at % 6 == 0:
            text += f'{{"aAcc": 9{at / 1000}, "mIoU": 3{at / 1000}, "step": {at // 6}}}\n'
    return text


def _text_log() -> str:
    text = f"{STAMP}Config:\ntrain_cfg = dict(max_iters=700, val_interval=175)\n"
    for at in range(25, 701, 25):
        text += f"{STAMP}Iter(train) [{at:>3}/700]  lr: 1.0000e-02  loss: 0.5000\n" * (at % 50 == 0)
        text += f"{STAMP}Saving checkpoint at {at} iterations\n" * (at % 100 == 0)
        if at % 175 == 0:
            text += f"{STAMP}Iter(val) [5/5]    aAcc: 90.5000  mIoU: 3{at / 1000:.4f}  time: 0.1\n"
    return text


def _mmcv_json() -> str:
    text = (
        '{"env_info": "x", "config": "runner = dict(type=\'IterBasedRunner\', max_iters=700)\\n'
        'evaluation = dict(interval=175)"}\n'
    )
    for at in range(25, 701, 25):
        text += f'{{"mode": "train", "epoch": 1, "iter": {at}, "lr": 0.1}}\n' * (at % 50 == 0)
        if at % 175 == 0:
            text += f'{{"mode": "val", "epoch": 1, "iter": 5, "mIoU": 0.3{at}, "mAcc": 0.4}}\n'
    return text


def _table() -> str:
    rows = "".join(f"none,streets,m,{at},3{at / 1000:.4f}\n" for at in TRAINED)
    return "strategy,dataset,model,iteration,mIoU\n" + rows


FILES = {
    f"{KEEP}/20260101_120000/vis_data/scalars.json": _scalars(),
    f"{KEEP}/20260102_120000/vis_data/scalars.json": _epochs(),
    f"{KEEP}/20260101_120000/20260101_120000.log": _text_log(),
    f"{KEEP}/20260101_120000.log.json": _mmcv_json(),
    f"{KEEP}/table.csv": _table(),
    f"{KEEP}/iter_700/results.json": '{"overall": {"mIoU": 37.5, "aAcc": 90.0}}\n',
}
KINDS = ["cut", "overwrite", "insert line", "repeat"]
# no digits, quotes or line ends: what a disk leaves of a crash, not a forgery
noise = st.one_of(
    st.binary(min_size=1, max_size=60).map(lambda raw: raw.translate(None, b'0123456789".,\n\r')),
    st.integers(1, 60).map(lambda length: b"\0" * length),
)
damages = st.lists(
    st.tuples(st.sampled_from(KINDS), st.floats(0, 1), noise),
    max_size=4,
)


def _damage(content: bytes, damage: list[tuple[str, float, bytes]]) -> bytes:
    for kind, where, raw in damage:
        at = int(where * len(content))
        line = content.rfind(b"\n", 0, at) + 1
        if kind == "cut":
            content = content[:at]
        elif kind == "overwrite":
            content = content[:at] + b"\xff" + raw + content[at + len(raw) + 1 :]
        elif kind == "insert line":
            content = content[:line] + raw + b"\xff\n" + content[line:]
        else:
            content = content[:at] + content[line:]
    return content


def _points(path: Path) -> set[tuple[str, int, float]]:
    rows = read_runs(path).curves
    return set(zip(rows["split"], rows["iteration"], rows["mIoU"], strict=True))


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=60)
@given(damages)
def test_damage(name: str, damage: list[tuple[str, float, bytes]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.parent.mkdir(parents=True)
        # a configuration beside it, so that the folder is a run whatever is left of the file
        Path(folder, KEEP, "config.py").write_text("train_cfg = dict(max_iters=700)")
        path.write_text(FILES[name])
        sound = _points(Path(folder))
        assert sound
        path.write_bytes(_damage(path.read_bytes(), damage))
        assert _points(Path(folder)) <= sound
