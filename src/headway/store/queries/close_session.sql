UPDATE sessions SET closed_at = :now WHERE tenant = :tenant AND id = :id AND closed_at IS NULL
RETURNING id
