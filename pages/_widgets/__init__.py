"""What several pages draw: badges, page previews with evidence, tables. Drawing only."""
