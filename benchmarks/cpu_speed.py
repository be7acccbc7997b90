"""Iterations/s on two CPU cores, with one thread and two, ours against mmengine's Runner.

The drawn street scenes, batch 4. Both sides are held to the same two cores, mmengine's worker
processes included; the fastest number of workers counts. In turns; the median counts.
"""

from collections.abc import Sequence
from functools import partial
from itertools import product
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks import _mmengine, _ours
from benchmarks._common import Arguments, Window, Workload, crop, fresh
from benchmarks._mmengine import PEER, Images, Setting
from benchmarks._results import compare, save


def main(words: Sequence[str] | None = None) -> None:
    arguments = Arguments("cpu_speed", __doc__, ["segformer_b0", "pspnet_r18"])
    arguments.set_defaults(device="cpu")
    sizes = [(64, 96), (128, 128)]
    arguments.add_argument("--crops", nargs="+", type=crop, default=sizes, metavar="HEIGHTxWIDTH")
    arguments.add_argument("--threads", nargs="+", type=int, default=[1, 2])
    arguments.add_argument("--workers", nargs="+", type=int, default=[0, 1, 2], help="of mmengine")
    arguments.add_argument("--turns", type=int, default=2, help="measurements of every side")
    given = arguments.read(words)
    if given.device != "cpu":
        arguments.error("argument --device: this benchmark is of the CPU")
    window, workers, turns = Window(5, 60, 20), given.workers, given.turns
    if given.quick:
        window, workers, turns = Window(1, 1), [0], 1
    alone = partial(fresh, device="cpu")
    with TemporaryDirectory() as folder:
        images = Images.write("streets", Path(folder, "images"))
        for model, size, threads in product(given.models, given.crops, given.threads):
            case = Workload(model, "streets", 4, size, device="cpu", threads=threads)
            ours = []
            theirs: dict[Setting, list[float]] = {Setting(number): [] for number in workers}
            for _ in range(turns):
                ours.append(alone(_ours.speed, case, window))
                for setting, rates in theirs.items():
                    rates.append(alone(_mmengine.speed, case, images, setting, window).rate)
            row = compare(
                f"{model}, batch 4, {size[0]}x{size[1]}, {threads} threads", PEER, "it/s",
                median(speed.rate for speed in ours), max(map(median, theirs.values())),
                device=ours[0].device, command=given.command,
                ours_each=[speed.rate for speed in ours],
                theirs_each={str(setting): rates for setting, rates in theirs.items()},
            )  # fmt: skip
            save(given.path, [row])


if __name__ == "__main__":
    main()
