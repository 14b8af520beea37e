-- Whether a contact was logged before, for which duo.
SELECT duo_id FROM contact WHERE contact_id = $1::uuid ORDER BY contact_id;
