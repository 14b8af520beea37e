-- A page of own referrals walks the steps of its sender alone. Of who was erased the number is left.
ALTER TABLE referral_step ADD source text COLLATE "C";
UPDATE referral_step AS s SET source = r.source FROM referral AS r WHERE r.referral_id = s.referral_id;
CREATE INDEX referral_step_own ON referral_step (source, told) WHERE source IS NOT NULL;
