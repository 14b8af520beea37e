-- Queries read the members of one programme, also who does not wait.
CREATE INDEX member_programme ON member (programme);
