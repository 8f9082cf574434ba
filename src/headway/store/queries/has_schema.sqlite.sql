-- Each database lists its tables in a place of its own.
SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'
