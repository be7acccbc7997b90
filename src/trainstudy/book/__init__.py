"""From notebooks to a static book: execution where inputs changed, and what pages show."""
