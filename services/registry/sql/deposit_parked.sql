SELECT EXISTS (SELECT FROM dead_letter WHERE source = 'gateway')
