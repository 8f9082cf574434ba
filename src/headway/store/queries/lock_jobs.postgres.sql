-- Rows are locked in one order, by id, whatever plan the update takes: two batches never wait for each other.
SELECT id FROM jobs WHERE {in jobs.id :ids} ORDER BY tenant, id FOR NO KEY UPDATE
