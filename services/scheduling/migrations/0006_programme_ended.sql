-- The last day of a programme that ended: it gets no new series.
ALTER TABLE programme ADD ended_on date;
