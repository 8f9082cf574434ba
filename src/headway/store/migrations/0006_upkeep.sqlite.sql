-- What a person decides about upkeep. Only adds: processes of the previous release write on.

-- Types whose interrupted jobs go on by themselves because a person said so, whatever the code of the type says.
CREATE TABLE recovery_rules (
    tenant  INTEGER NOT NULL,
    type    TEXT    NOT NULL,
    made_at REAL    NOT NULL,
    told    TEXT    NOT NULL,  -- who, from where, and why
    PRIMARY KEY (tenant, type)
) STRICT, WITHOUT ROWID;

-- Jobs that stay whatever their types and sessions say.
CREATE INDEX jobs_pinned ON jobs (tenant, id) WHERE pinned AND deleted_at IS NULL;

-- What came of a job that was started anew.
CREATE INDEX jobs_restarted_from ON jobs (tenant, restarted_from, id) WHERE restarted_from IS NOT NULL;
