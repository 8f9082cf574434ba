UPDATE workers SET seen_at = :now WHERE id = :id
