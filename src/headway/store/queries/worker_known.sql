SELECT id FROM workers WHERE id = :id
