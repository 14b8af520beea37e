SELECT min(due) FROM timer
