-- How many log lines a search finds; see log_matches.sql.
SELECT (SELECT count(*) FROM logs
         WHERE tenant = :tenant AND job = :job
           AND {in name :levels} --? levels
           AND CAST(data AS text) {like} :stored ESCAPE '\' --? stored
           AND data ->> 'text' {like} :text ESCAPE '\' --? text
       )
     + (SELECT count(*) FROM events
         WHERE tenant = :tenant AND job = :job AND kind = 'warning'
           AND {in name :levels} --? levels
           AND data ->> 'text' {like} :text ESCAPE '\' --? text
       )
