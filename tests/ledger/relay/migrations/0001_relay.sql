CREATE TABLE echo (
    number bigint NOT NULL
);
COMMENT ON TABLE echo IS 'Numbers that were echoed';
