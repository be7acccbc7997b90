"""Images edited by FLUX.1 Kontext as an instruction says.

Source: Black Forest Labs, "FLUX.1 Kontext: Flow matching for in-context image generation and
editing in latent space" (2025), https://github.com/black-forest-labs/flux. The pipeline
``FluxKontextPipeline`` of diffusers makes the images.
"""

from trainstudy.strategies._manifest import FromManifest

STRATEGY = FromManifest("gen_flux_kontext")
