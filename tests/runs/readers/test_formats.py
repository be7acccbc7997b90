from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trainstudy.runs.readers.formats import sniff

Write = Callable[[str, Iterable[object] | str], Path]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("vis_data/scalars.json", "", "scalars"),
        ("a.json", '{"lr": 0.1, "step": 50}\n', "scalars"),
        ("a.json", 'torn\n{"mIoU": 40.0, "step": 50}\n', "scalars"),
        ("a.log.json", "", "mmcv json"),
        ("a.json", '{"env_info": "x"}\n', "mmcv json"),
        ("a.json", '{"mode": "train", "iter": 50}\n', "mmcv json"),
        ("a.log", "", "text log"),
        ("a.out", "x\n2026 - mmengine - INFO - Exp name\n", "text log"),
        ("results.json", "", "test result"),
        ("a.json", '{\n "overall": {\n  "mIoU": 40.0}}', "test result"),
        ("metrics.jsonl", "", "run record"),
        ("a.jsonl", '{"iteration": 5, "kind": "val"}\n', "run record"),
        ("a.csv", "strategy,dataset,model,iteration,mIoU\n", "table"),
        ("a.txt", "strategy;dataset;model;iteration;mIoU\n", "table"),
        ("a.csv", "\nsep=;\nstrategy;dataset;model;iteration;mIoU;;\n", "table"),
        ("a.csv", "name,domain\n", None),
        ("a.csv", "notes\nstrategy,dataset,model,iteration,mIoU\n", None),
        ("a.json", "[]", None),
        ("a.json", "", None),
    ],
)
def test_name_then_content(write: Write, name: str, content: str, expected: str | None) -> None:
    known = sniff(write(name, content))
    assert (known.name if known else None) == expected
