-- A letter that was dropped keeps nothing of its message: no more do those that were dropped before that was so.
UPDATE dead_letter SET subject = NULL, header = '', data = '' WHERE state = 'dropped';
