from collections import Counter

import numpy as np
import pytest

from trainstudy.strategies._partners import partners


@pytest.mark.parametrize("size", [2, 3, 8])
def test_is_never_the_image_itself_and_any_other_equally_often(size):
    drawn = [partners([np.random.default_rng([k, i]) for i in range(size)]) for k in range(1000)]
    for place in range(size):
        seen = Counter(batch[place] for batch in drawn)
        assert set(seen) == set(range(size)) - {place}
        assert max(seen.values()) - 1000 / (size - 1) < 5 * 1000**0.5
