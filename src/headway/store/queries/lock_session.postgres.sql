-- Whoever changes a session, or looks whether it runs, keeps out new jobs first: a submit holds FOR KEY SHARE, which an
-- update alone would not wait for. What runs is asked in the next statement, which sees what was waited for.
SELECT id, closed_at FROM sessions WHERE tenant = :tenant AND id = :id FOR UPDATE
