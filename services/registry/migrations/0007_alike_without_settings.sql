-- The session that asks for people alike has these settings already; to set and reset them took longer than the answer.
ALTER FUNCTION people_alike(text[], text[], text[], text[], bigint[], text[]) RESET ALL;
