-- Somebody has acted on a session.
UPDATE sessions SET used_at = :now WHERE tenant = :tenant AND id = :id
