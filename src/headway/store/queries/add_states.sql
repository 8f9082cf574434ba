INSERT INTO states (state, ended, executing)
SELECT r.state, r.ended, r.executing FROM {rows(state text, ended boolean, executing boolean)}
 WHERE true  -- tells SQLite's parser that what follows is not the ON of a join
ON CONFLICT (state) DO NOTHING
