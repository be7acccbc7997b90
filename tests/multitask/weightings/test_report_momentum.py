import torch

LOSSES = torch.tensor([1.1234, 4.5678, 2.3012])


def test_goes_a_tenth_of_the_way_to_the_formula_at_every_iteration(make):
    weighting, target = make("report_momentum"), make("report_formula").weigh(LOSSES)
    left = torch.ones(3) - target
    for iteration in range(1, 30):
        torch.testing.assert_close(weighting.weigh(LOSSES), target + left * 0.9**iteration)


def test_returned_weights_stay_what_they_were(make):
    weighting = make("report_momentum")
    first = weighting.weigh(LOSSES)
    kept = first.clone()
    weighting.weigh(10 * LOSSES.flip(0))
    assert torch.equal(first, kept)
