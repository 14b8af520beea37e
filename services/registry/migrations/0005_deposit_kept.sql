COMMENT ON TABLE deposit IS 'private: personal data of an adapter''s event that is still on its way; kept a day, or while events of the gateway are parked';
