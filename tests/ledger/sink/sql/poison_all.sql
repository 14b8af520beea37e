SELECT subject, how FROM poison
