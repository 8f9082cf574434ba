INSERT INTO labels (tenant, name, value, job)
SELECT r.tenant, r.name, r.value, r.job FROM {rows(tenant bigint, name text, value text, job text)}
