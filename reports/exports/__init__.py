"""Files that take longer than a page may: ordered on a page, made by workers part by part, fetched when ready."""
