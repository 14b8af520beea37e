UPDATE partnership SET quiet_from = $2, quiet_to = $3 WHERE partnership = $1 RETURNING partnership
