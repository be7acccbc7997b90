from pathlib import Path

import pytest

from trainstudy.runs.readers.names import names_of


@pytest.mark.parametrize(
    ("root", "below", "expected"),
    [
        ("/w/EXT", "gen_x/bdd10k/m", "gen_x bdd10k m"),
        ("/w/EXT", "gen_x/bdd10k/m/seed_1", "gen_x bdd10k m"),
        ("/w", "EXT/none/bdd10k/m", "none bdd10k m"),
        ("/w", "gen_study/none/bdd10k/m", "none bdd10k m"),
        ("/w/EXT/gen_x", "bdd10k/m", "gen_x bdd10k m"),
        ("/w/EXT/gen_x/bdd10k", "m", "gen_x bdd10k m"),
        ("/w/EXT/gen_x/bdd10k/m", "", "gen_x bdd10k m"),
        ("/w/EXT", "mine/streets/m", "mine streets m"),
        ("/w/EXT", "std_y/m", "std_y unknown m"),
        ("/w/EXT", "bdd10k/m", "unknown bdd10k m"),
        ("/w/EXT", "foo/m", "unknown unknown m"),
        ("/w/EXT", "m", "unknown unknown m"),
        ("/w/EXT", "a/b/c/d/m", "unknown unknown m"),
        ("/none/b/c/d/e/EXT", "m", "unknown unknown m"),
    ],
)
def test_names(root: str, below: str, expected: str) -> None:
    assert names_of(Path(root) / below, Path(root)) == tuple(expected.split())
