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
        ("/w/EXT", "foo/m", "foo unknown m"),
        ("/w/EXT", "m", "unknown unknown m"),
        ("/w/EXT", "a/b/c/d/m", "a/b/c/d unknown m"),
        ("/none/b/c/d/e/EXT", "m", "unknown unknown m"),
        ("/P", "EXT/photometric/bdd10k/m", "photometric bdd10k m"),
        ("/P", "EXT/photometric/BDD10k/m/seed_1", "photometric BDD10k m"),
        ("/P", "gen_study/photometric/bdd10k/m", "photometric bdd10k m"),
        ("/w/EXT", "gen_x/bdd10k/clear_day/m", "gen_x bdd10k clear_day/m"),
        ("/w/EXT", "photometric/bdd10k/clear_day/m", "photometric bdd10k clear_day/m"),
        ("/w/EXT/gen_x", "bdd10k/clear_day/m", "gen_x bdd10k clear_day/m"),
        ("/w/EXT", "gen_x/streets/clear_day/m/run-2", "gen_x streets clear_day/m"),
        ("/w/EXT", "gen_x/bdd10k/m/run_long", "gen_x bdd10k m/run_long"),
        ("/w/EXT", "gen_x/bdd10k/m/3", "gen_x bdd10k m"),
        ("/w/EXT", "gen_x/bdd10k/run_1", "gen_x bdd10k run_1"),
        ("/w/EXT", "mine/streets/m/seed_1", "mine streets m"),
        ("/w/EXT", "bdd10k/m/seed_1", "unknown bdd10k m"),
        ("/w/bdd10k/EXT", "mine/streets/m", "mine streets m"),
        ("/w/EXT", "pspnet/seed_1", "unknown unknown pspnet"),
        ("/w/EXT", "foo/pspnet/seed_1", "foo unknown pspnet"),
        ("/w/EXT", "gen_x/pspnet/seed_1", "gen_x unknown pspnet"),
        ("/w/EXT/gen_x", "pspnet/run-b/2", "gen_x unknown pspnet"),
        ("/w/EXT/gen_x/pspnet", "seed_1", "gen_x pspnet seed_1"),
        ("/w/EXT", "gen_x/seed_1", "gen_x unknown seed_1"),
        ("/w/EXT", "seed_1", "unknown unknown seed_1"),
        ("/P", "bdd10k/none/m", "none bdd10k m"),
        ("/P", "A/std_y/m", "std_y A m"),
    ],
)
def test_names(root: str, below: str, expected: str) -> None:
    assert names_of(Path(root) / below, Path(root)) == tuple(expected.split())


@pytest.mark.parametrize(
    "folders",
    [
        ("EXT/photometric/streets/m", "EXT/weathergen/streets/m"),
        ("foo/m", "bar/m"),
        ("foo/m", "m"),
        ("a/b/c/d/m", "a/b/c/e/m"),
        ("A/std_y/m", "B/std_y/m"),
        ("none/bdd10k/clear/a/m", "none/bdd10k/night/a/m"),
        ("none/bdd10k/m/run_warm", "none/bdd10k/m/run_cold"),
        ("none/bdd10k/m/runs", "none/bdd10k/m/seeds"),
    ],
)
def test_other_trainings_never_share_their_names(folders: tuple[str, str]) -> None:
    one, other = (names_of(Path("/P") / folder, Path("/P")) for folder in folders)
    assert one != other
