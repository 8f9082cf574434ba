INSERT INTO workers (tenant, id, host, pid, boot, slots, queues, types, started_at, seen_at)
VALUES (:tenant, :id, :host, :pid, :boot, :slots, :queues, :types, :now, :now)
