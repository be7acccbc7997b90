"""Step1X-Edit: an image edited as an instruction says.

Source: Liu et al., "Step1X-Edit: A practical framework for general image editing" (2025),
https://github.com/stepfun-ai/Step1X-Edit. Its pipeline is in the authors' fork of diffusers, made
for transformers 4.55, and in no release.
"""

from trainstudy.generation.diffusion._method import Elsewhere

METHOD = Elsewhere(
    "Step1XEditPipeline of github.com/Peyton-Chen/diffusers, branch step1xedit, with the weights "
    "stepfun-ai/Step1X-Edit-v1p1-diffusers, in an environment of its own"
)
