from pathlib import Path

import pytest

from trainstudy.runs.readers.events import Skip, UnsoundError
from trainstudy.runs.readers.lines import MAX_LINE, json_object, json_objects, lines


def test_long_lines_come_once_and_keep_their_number(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a\n" + "b" * (3 * MAX_LINE) + "\n" + "c" * (MAX_LINE - 1) + "\nd")
    assert [(number, len(text)) for number, text in lines(path)] == [
        (1, 2), (2, MAX_LINE), (3, MAX_LINE), (4, 1),
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a"
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    path.write_text(mark + '{"a": "é"}\n', encoding=encoding)
    assert [row for _, row in json_objects(path)] == [{"a": "é"}]


def test_what_is_no_object(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b'{"a": 1}\n\n[1]\n\x00\xff\n' + b"[" * 99_999 + b'\n{"a": ')
    rows = [
        (line, row.reason if isinstance(row, Skip) else row) for line, row in json_objects(path)
    ]
    assert rows == [
        (1, {"a": 1}),
        (3, "line is JSON but not an object"),
        (4, "line is not JSON"),
        (5, "line is not JSON"),
        (6, "last line is cut short"),
    ]


def test_a_result_has_a_size(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text('{"a": 1}')
    assert json_object(path) == {"a": 1}
    with pytest.raises(UnsoundError, match="larger than the 0 MiB"):
        json_object(path, limit=4)
