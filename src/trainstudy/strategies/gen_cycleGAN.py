"""Images translated by CycleGAN: two generators, one a direction, that must undo each other.

Source: Zhu, Park, Isola and Efros, "Unpaired image-to-image translation using cycle-consistent
adversarial networks" (ICCV 2017), https://github.com/junyanz/pytorch-CycleGAN-and-pix2pix. Trained
in this project: ``notebooks/train_cyclegan.ipynb`` makes the manifest.
"""

# ruff: noqa: N999 - the study's own name
from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_cycleGAN")
