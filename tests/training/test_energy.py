from types import SimpleNamespace

import pynvml
import torch

from trainstudy.training import energy


def test_joules_are_the_difference_of_the_counter(tmp_path, monkeypatch):
    monkeypatch.setattr(energy, "_RAPL", tmp_path)
    counter = tmp_path / "energy_uj"
    counter.write_text("5000000\n")
    meter = energy.EnergyMeter("cpu")
    counter.write_text("7500000\n")
    assert meter.joules() == 2.5
    counter.write_text("1000000\n")
    assert meter.joules() is None, "a counter that wrapped tells nothing"


def test_after_as_long_as_the_counter_may_take_to_come_around_nothing_is_known(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(energy, "_RAPL", tmp_path)
    (tmp_path / "energy_uj").write_text("5000000\n")
    (tmp_path / "max_energy_range_uj").write_text("262143328850\n")
    (tmp_path / "constraint_1_max_power_uw").write_text("200000000\n")
    clock = iter([0.0, 1310.0, 1311.0])
    monkeypatch.setattr(energy.time, "monotonic", clock.__next__)
    meter = energy.EnergyMeter("cpu")
    assert meter.joules() == 0
    assert meter.joules() is None


def test_a_device_that_does_not_tell_gives_none(tmp_path, monkeypatch):
    def fail():
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(energy, "_RAPL", tmp_path / "absent")
    assert energy.EnergyMeter("cpu").joules() is None
    monkeypatch.setattr(pynvml, "nvmlInit", fail)
    assert energy.EnergyMeter("cuda:9").joules() is None


def test_cards_are_counted_together_and_known_by_what_they_are_not_by_their_number(monkeypatch):
    """The driver numbers the cards that torch does not see as well."""
    millijoules = {"GPU-b": 1000.0, "GPU-c": 5000.0}
    uuids = {"cuda:0": "b", "cuda:1": "c"}
    seen = {name: SimpleNamespace(uuid=uuid) for name, uuid in uuids.items()}
    monkeypatch.setattr(torch.cuda, "get_device_properties", seen.__getitem__)
    monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda name: name)
    monkeypatch.setattr(pynvml, "nvmlDeviceGetTotalEnergyConsumption", millijoules.__getitem__)
    meter, first = energy.EnergyMeter("cuda:0", "cuda:1"), energy.EnergyMeter("cuda:0")
    millijoules |= {"GPU-b": 3000.0, "GPU-c": 6000.0}
    assert (meter.joules(), first.joules()) == (3.0, 2.0)
