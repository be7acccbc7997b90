"""A remedy is one file, one test and one paragraph of the book: none of the three may lack."""

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from trainstudy.multitask.remedies import REMEDIES, Past, get, parse
from trainstudy.paths import project_root

PAGE = project_root() / "book" / "method" / "remedies.md"
strengths = st.floats(0, 1e9)
PARTS = ["backbone", "backbone+neck", "backbone+neck+branch"]
counts = st.one_of(st.just("all"), st.integers(1, 1000))
options = {
    "ewc": st.fixed_dictionaries({}, optional={"strength": strengths, "images": counts}),
    "lwf": st.fixed_dictionaries(
        {}, optional={"strength": strengths, "temperature": st.floats(0.1, 20)}
    ),
    "distill": st.fixed_dictionaries({}, optional={"strength": strengths}),
    "replay": st.fixed_dictionaries({}, optional={"images": counts | st.just(0)}),
    "frozen": st.fixed_dictionaries({}, optional={"parts": st.sampled_from(PARTS)}),
    "own_rows": st.just({}),
    "null_space": st.fixed_dictionaries(
        {}, optional={"energy": st.floats(0.01, 0.99), "images": counts}
    ),
}


def written(name, values):
    return ":".join([name, *[",".join(f"{k}={v}" for k, v in values.items())] * bool(values)])


@pytest.mark.parametrize("name", REMEDIES)
def test_has_its_test_and_its_paragraph(name):
    assert Path(__file__).with_name(f"test_{name}.py").is_file()
    assert f"(remedy-{name})=" in PAGE.read_text()


@given(data=st.data(), names=st.lists(st.sampled_from(REMEDIES), unique=True))
def test_what_is_written_is_read_and_written_back_in_full(data, names):
    asked = {name: data.draw(options[name]) for name in names}
    found = parse(", ".join(written(name, values) for name, values in asked.items()))
    assert [type(remedy) for remedy in found] == [get(name) for name in names]
    for remedy, values in zip(found, asked.values(), strict=True):
        assert values.items() <= remedy.model_dump().items()
        (again,) = parse(str(remedy))
        assert again == remedy
        assert str(again) == str(remedy)
    assert parse(",".join(map(str, found))) == found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("owm", "unknown remedy 'owm'; accepted: distill, ewc, frozen, lwf, null_space, own_rows"),
        ("strength=3", "unknown remedy 'strength=3'"),
        ("lwf,", "unknown remedy ''"),
        ("lwf,ewc,lwf", "lwf is named twice"),
        ("ewc:strength", "cannot read 'ewc:strength'; the form is ewc:strength=...,images=..."),
        ("ewc:", "cannot read 'ewc:'"),
        ("lwf:strength=1,strength=2", "cannot read 'strength=2'"),
        ("ewc:lambda=3", "remedy ewc: lambda: Extra inputs are not permitted; the form is ewc:str"),
        ("ewc:strength=-1", "strength: Input should be greater than or equal to 0"),
        ("ewc:strength=nan", "strength: Input should be a finite number"),
        ("replay:images=few", "images: Input should be a valid integer.*images: .*'all'"),
        ("frozen:parts=neck", "parts: Input should be 'backbone', 'backbone.neck' or 'back"),
        ("null_space:energy=1", "energy: Input should be less than 1"),
        ("own_rows:strength=1", "Extra inputs are not permitted; own_rows has no options"),
    ],
)
def test_what_cannot_be_read_is_told_what_is_accepted(text, message):
    with pytest.raises(ValueError, match=message):
        parse(text)


@pytest.mark.parametrize("name", REMEDIES)
def test_without_a_past_it_does_nothing(name, network, toy):
    images = toy.pixels(toy.task_set("cls"), [0, 1])
    before = network(images)
    (remedy,) = toy.begin(parse(name), network, Past())
    after = network(images)
    assert all(map(torch.equal, before.maps, after.maps))
    assert all(parameter.requires_grad for parameter in network.parameters())
    assert remedy.penalty(network, images, after) is None
    assert remedy.replayed(Past(), 0) == {}


@pytest.mark.parametrize("name", ["lwf", "distill"])
@pytest.mark.parametrize("old", ["seg", "cls"])
def test_following_a_teacher_alone_brings_back_what_was_lost(name, old, network, toy):
    known = toy.task_set(old)

    def loss():
        return toy.loss(old, network, known, range(6)).item()

    toy.train(network, old)
    learnt = loss()
    (remedy,) = toy.begin(parse(name), network, toy.past_of(network, old))
    with torch.no_grad():
        for parameter in network.backbone.parameters():
            parameter += 0.3 * torch.randn(parameter.shape, generator=torch.manual_seed(1))
    lost = loss()
    assert lost > learnt + 0.3
    images = toy.pixels(known, range(6))
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(20):
        optimizer.zero_grad()
        remedy.penalty(network, images, network(images)).backward()
        optimizer.step()
    assert loss() - learnt < 0.2 * (lost - learnt)
