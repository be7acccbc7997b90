"""Translators of images between domains, trained here, and the images they generate."""
