-- When the two were proposed to each other: their talk was not before it. Not known of proposals accepted before this.
ALTER TABLE proposal ADD proposed timestamptz;
