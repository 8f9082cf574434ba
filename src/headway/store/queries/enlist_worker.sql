INSERT INTO workers (tenant, id, host, pid, place, born, slots, queues, types, started_at, seen_at)
VALUES (:tenant, :id, :host, :pid, :place, :born, :slots, :queues, :types, :now, :now)
ON CONFLICT (id) DO UPDATE SET
    slots = excluded.slots, queues = excluded.queues, types = excluded.types, seen_at = excluded.seen_at,
    stopped_at = NULL
