-- From how many days of waiting on someone goes before who came later; programmes of before have what new ones begin with.
ALTER TABLE programme ADD first_after_days bigint NOT NULL DEFAULT 365;
