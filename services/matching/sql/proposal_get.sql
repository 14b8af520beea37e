-- How a proposal ended, to tell who asks too late.
SELECT state FROM proposal WHERE proposal_id = $1::uuid ORDER BY proposal_id;
