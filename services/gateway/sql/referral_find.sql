SELECT referral_id, digest FROM referral WHERE referral_id = ANY ($1::uuid[])
