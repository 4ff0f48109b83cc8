"""People, organisations, posts, responsibility and rights."""
