UPDATE jobs SET undos = jobs.undos + r.n
  FROM {rows(tenant bigint, id text, n bigint)}
 WHERE jobs.tenant = r.tenant AND jobs.id = r.id
