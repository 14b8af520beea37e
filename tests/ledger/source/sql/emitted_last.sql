SELECT coalesce(max(first + n - 1), 0) FROM emitted
