"""What reached the model: images counted from the batches themselves, not from the settings."""

import math
from dataclasses import dataclass, field


class ExposureError(RuntimeError):
    """The model did not see what the strategy promised."""


@dataclass
class Exposure:
    """Counts since iteration ``since``; ``images`` are distinct training images, by name."""

    since: int
    real: int = 0
    generated: int = 0
    images: set[str] = field(default_factory=set)

    def add(self, names: list[str], generated: list[bool]) -> None:
        """Count one batch: the name of every image in it and whether it was generated."""
        if len(names) != len(generated):
            raise ValueError(f"{len(names)} names but {len(generated)} flags in one batch")
        self.generated += sum(generated)
        self.real += len(generated) - sum(generated)
        self.images.update(names)

    def check(self, ratio: float) -> None:
        """Raise ExposureError where the share of generated images is not ``ratio``.

        What independent draws would allow is let pass: four standard deviations, and one image.
        """
        total = self.real + self.generated
        allowed = 1 + 4 * math.sqrt(total * ratio * (1 - ratio))
        if abs(self.generated - ratio * total) > allowed or (
            self.generated == 0 and ratio * total >= 10
        ):
            found = self.generated or "none"
            raise ExposureError(
                f"a share of {ratio:g} generated images was asked for, but of {total} images "
                f"since iteration {self.since} {found} {'was' if found == 'none' else 'were'} "
                "generated"
            )

    def values(self) -> dict[str, int]:
        return {
            "since": self.since,
            "real": self.real,
            "generated": self.generated,
            "distinct": len(self.images),
        }
