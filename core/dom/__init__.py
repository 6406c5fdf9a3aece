"""The page as data: its tree, the paths to its values, its grids of cells, the data it carries beside its text."""
