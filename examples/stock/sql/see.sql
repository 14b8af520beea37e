SELECT pieces, sales FROM shelf WHERE article = $1
