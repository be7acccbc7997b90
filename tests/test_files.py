import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trainstudy.files import naming, read_json, write_json

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(max_examples=30)  # every example waits for the disk
@given(content=st.dictionaries(st.text(), JSON))
def test_what_is_written_is_read(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "run.json"
    write_json(path, content)
    assert read_json(path) == content


def test_no_draft_is_left_behind(tmp_path):
    for count in range(3):
        write_json(tmp_path / "run.json", {"count": count})
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize("step", ["write_text", "replace"])
def test_a_write_that_fails_leaves_the_old_content(tmp_path, monkeypatch, step):
    path = tmp_path / "run.json"
    write_json(path, {"iteration": 1})

    def fail(*_, **__):
        raise OSError("no space left")

    monkeypatch.setattr(Path, step, fail)
    with pytest.raises(OSError, match="no space left"):
        write_json(path, {"iteration": 2})
    assert read_json(path) == {"iteration": 1}
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_names_its_file(tmp_path):
    with (
        pytest.raises(OSError, match=r"No space left on device: '.*run.json'"),
        naming(tmp_path / "run.json"),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FileNotFoundError, match="'of its own'"), naming(tmp_path):
        raise FileNotFoundError(errno.ENOENT, "No such file", "of its own")


def test_what_json_cannot_carry_leaves_the_old_content(tmp_path):
    write_json(tmp_path / "run.json", {"iteration": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "run.json", {"iteration": {1}})
    assert read_json(tmp_path / "run.json") == {"iteration": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"[1]", "expected a JSON object, found list"), (b'{"a": ', ""), (b"\xff", ""), (None, "")],
)
def test_anything_else_is_refused_with_the_file(tmp_path, content, message):
    path = tmp_path / "run.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ValueError, match=f"run.json: .*{message}"):
        read_json(path)
