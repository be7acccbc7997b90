"""What the losses share: the check of their variant's name, and the focal factor."""

from collections.abc import Iterable

from torch import Tensor

GAMMA = 2.0


def check(task: str, kind: str, accepted: Iterable[str]) -> None:
    """Raises ValueError naming the accepted variants."""
    if kind not in accepted:
        raise ValueError(f"{task} loss {kind!r}; accepted: {', '.join(accepted)}")


def focal(cross_entropy: Tensor, gamma: float = GAMMA) -> Tensor:
    """Cross-entropies of hard labels, less the surer the right class already is.

    ``(1 - p) ** gamma * -log(p)``. Source: Lin et al., "Focal loss for dense object detection"
    (2017), equation 4.
    """
    return (1 - (-cross_entropy).exp()).clamp(min=0) ** gamma * cross_entropy
