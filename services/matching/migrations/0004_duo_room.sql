-- A duo's row is written anew with every contact: with room on its page no index is entered for that.
ALTER TABLE duo SET (fillfactor = 60);
