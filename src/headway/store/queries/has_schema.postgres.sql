-- Each database lists its tables in a place of its own.
SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = 'headway' AND tablename = 'meta'
