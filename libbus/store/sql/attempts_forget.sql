-- Starts of the process and commands, which no stream, timer or effect is called like.
DELETE FROM attempt WHERE starts_with(source, '/')
