CREATE TABLE reference_erased (
    digest bytea PRIMARY KEY
);
COMMENT ON TABLE reference_erased IS 'private: a keyed hash of the reference that a sender used for somebody who was erased: what it tells of them later is passed over';
