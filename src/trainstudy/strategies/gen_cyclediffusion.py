"""Images translated by CycleDiffusion: noise inferred under one prompt, denoised under another.

Source: Wu and De la Torre, "A latent space of stochastic diffusion models for zero-shot image
editing and guidance" (ICCV 2023), https://github.com/ChenWu98/cycle-diffusion. The pipeline
``CycleDiffusionPipeline`` of diffusers (deprecated there, in 0.42 still shipped) makes the images.
"""

from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_cyclediffusion")
