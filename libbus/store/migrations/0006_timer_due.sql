-- By time alone. An index that also held name and key was at times chosen to find one timer by them, which read all of it.
DROP INDEX timer_due;
CREATE INDEX timer_due ON timer (due);
