-- More or fewer jobs run under a limit. The table refuses more than it permits; fewer than none is a count that an
-- older release has left wrong, and the sweep puts it right.
UPDATE limits SET used = CASE WHEN limits.used + r.change < 0 THEN 0 ELSE limits.used + r.change END
  FROM {rows(tenant bigint, key text, change bigint)}
 WHERE limits.tenant = r.tenant AND limits.key = r.key
