-- How a proposal ended, to tell who asks too late and may hear it.
SELECT state, partnership, nis FROM proposal WHERE proposal_id = $1::uuid ORDER BY proposal_id;
