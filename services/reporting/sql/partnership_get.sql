SELECT name FROM partnership WHERE partnership = $1
