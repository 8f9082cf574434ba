-- External ids and context ids that begin with a text. Many jobs may share one, so the texts are hopped over.
WITH RECURSIVE texts(text, n) AS (
    SELECT (SELECT a.text FROM aliases AS a WHERE a.tenant = :tenant AND {begins a.text :prefix}
             ORDER BY {sorted a.text} LIMIT 1), 1
    UNION ALL
    SELECT (SELECT a.text FROM aliases AS a
             WHERE a.tenant = :tenant AND {begins a.text :prefix} AND {after a.text texts.text}
             ORDER BY {sorted a.text} LIMIT 1), texts.n + 1
      FROM texts WHERE texts.text IS NOT NULL AND texts.n < :limit)
SELECT text FROM texts WHERE text IS NOT NULL
