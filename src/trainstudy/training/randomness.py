"""Randomness as a function of (seed, purpose, indices): no generator state is ever carried over.

Sample order, augmentation, dropout and mixing all start here, so a resumed run draws what an
uninterrupted one would have drawn, and resuming costs the same at every iteration.
"""

import zlib

import numpy as np
import torch


def _sequence(seed: int, purpose: str, *indices: int) -> np.random.SeedSequence:
    # the number of indices is part of it: a SeedSequence takes (1,) and (1, 0) for the same
    return np.random.SeedSequence([seed, zlib.crc32(purpose.encode()), len(indices), *indices])


def generator(seed: int, purpose: str, *indices: int) -> np.random.Generator:
    """An independent generator for one purpose at one place, e.g. ``("augment", iteration, slot)``.

    Indices are non-negative integers. Counter-based (Philox; Salmon et al. 2011).
    """
    return np.random.Generator(np.random.Philox(_sequence(seed, purpose, *indices)))


def key(seed: int, purpose: str, *indices: int) -> int:
    """63 random bits for one purpose at one place, e.g. to start another kind of generator."""
    return int(_sequence(seed, purpose, *indices).generate_state(1, np.uint64)[0] >> 1)


def seed_torch(seed: int, purpose: str, *indices: int) -> None:
    """Reset torch's own generators, on the CPU and on every GPU in use.

    ``torch.manual_seed`` asks every kind of device there might be, which takes as long as a small
    step's whole batch.
    """
    value = key(seed, purpose, *indices)
    torch.default_generator.manual_seed(value)
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        for generator_of_gpu in torch.cuda.default_generators:
            generator_of_gpu.manual_seed(value)


def sample_order(seed: int, purpose: str, size: int, start: int, count: int) -> list[int]:
    """``count`` numbers in 0..size-1 from position ``start`` of an endless reshuffled stream.

    Every pass over the data is its own permutation, found from the pass number alone.
    Raises ValueError for an empty data set.
    """
    if size < 1:
        raise ValueError(f"cannot draw {purpose!r} samples from an empty set")
    order: list[int] = []
    position = start
    while len(order) < count:
        epoch, offset = divmod(position, size)
        permutation = generator(seed, purpose, epoch).permutation(size)
        taken = permutation[offset : offset + count - len(order)]
        order += [int(sample) for sample in taken]
        position += len(taken)
    return order
