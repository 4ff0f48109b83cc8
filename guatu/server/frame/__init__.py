"""The page frame: styles, partials, template tags."""
