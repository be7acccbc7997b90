"""Images translated by TSIT: content and style in two streams that meet at every scale.

Source: Jiang, Zhang, Huang, Liu, Shi and Loy, "TSIT: A simple and versatile framework for
image-to-image translation" (ECCV 2020), https://github.com/EndlessSora/TSIT. Trained in this
project: ``notebooks/train_tsit.ipynb`` makes the manifest.
"""

# ruff: noqa: N999 - the study's own name
from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_TSIT")
