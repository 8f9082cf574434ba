-- Signed changes of how many jobs are in each state, one row per batch and key.
INSERT INTO tallies (tenant, session, state, change)
SELECT r.tenant, r.session, r.state, r.change FROM {rows(tenant bigint, session text, state text, change bigint)}
