from trainstudy.data import generated
from trainstudy.strategies import get


def test_its_folders_name_both_domains_and_the_target_counts(tiny_set, tmp_path):
    train = tiny_set(6)
    names = ("cloudy", "dawn_dusk", "fog", "night", "rainy", "snowy")
    images = [(i, f"clear_day2{name}", 255 - train.images[i]) for i, name in enumerate(names)]
    found = get("gen_cycleGAN").generate(train, 0, generated.write(tmp_path, train, images))
    assert found.domains == ("cloudy", "dawn_dusk", "foggy", "night", "rainy", "snowy")
