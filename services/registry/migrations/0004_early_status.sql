-- What a partner tells of someone whom it has not referred yet.
CREATE TABLE early_status (
    source          text COLLATE "C" NOT NULL,
    external_person text COLLATE "C" NOT NULL,
    partnership     text COLLATE "C",
    nis             text COLLATE "C",
    partner_type    text COLLATE "C" NOT NULL,
    status          text COLLATE "C" NOT NULL,
    since           date,
    postcode        text COLLATE "C",
    told            timestamptz NOT NULL,
    PRIMARY KEY (source, external_person)
);
CREATE INDEX early_status_told ON early_status (told);
COMMENT ON TABLE early_status IS 'What partners told last of people whom they have not referred yet';

COMMENT ON TABLE deposit IS 'private: personal data of an adapter''s event that is still on its way; kept 90 days at most';
