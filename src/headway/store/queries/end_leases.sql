-- The machine was started again since these leases were given.
UPDATE jobs SET lease_until = 0 WHERE state IN ('running', 'pausing', 'cancelling') AND lease_until IS NOT NULL
