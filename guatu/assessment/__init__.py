"""Assessment (考核): rounding, ranking, ties."""
