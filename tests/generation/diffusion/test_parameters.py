import pytest

from trainstudy.generation.diffusion.parameters import GenerateImages
from trainstudy.parameters import ParameterError


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"strategy": "gen_cycleGAN"}, "'strategy': not made by a diffusion model; accepted: gen_"),
        ({"target_domain": "night,hail"}, "'target_domain': no prompt for 'hail'; accepted: clear"),
        ({"pipeline": "some/weights"}, "'out': a folder"),
        (
            {"strategy": "gen_UniControl", "pipeline": "x/y"},
            "'pipeline': diffusers has none for gen_UniControl. Its images are made by inf",
        ),
        ({"strategy": "gen_step1x_new", "pipeline": "x/y"}, "'pipeline': .*branch step1xedit,"),
        ({"strategy": "gen_step1x_v1p2", "pipeline": "x/y"}, "'pipeline': .*step1xedit_v1p2,"),
        (
            {"pipeline": "x/y", "out": "o", "dataset": "camvid", "data_root": "/nowhere"},
            "'data_root': .*/nowhere",
        ),
    ],
)
def test_wrong_parameters_are_named(asked, message):
    with pytest.raises(ParameterError, match=message):
        GenerateImages.checked(**asked)


def test_target_domains_take_the_study_s_names_once():
    asked = GenerateImages.checked(target_domain="fog, Night,foggy")
    assert asked.targets == ("foggy", "night")


def test_a_pipeline_is_a_folder_where_there_is_one_and_else_a_name(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "weights").mkdir()
    for given, source in (("~/weights", str(tmp_path / "weights")), ("owner/name", "owner/name")):
        assert GenerateImages.checked(pipeline=given, out="o").source == source
