-- Whoever begins under this external id is alone until its transaction ends: there may be no row yet to lock.
SELECT pg_advisory_xact_lock(hashtextextended(:kind || ' ' || :text, 0))
