-- Whether a programme has ended: nobody joins, waits or is proposed in it any more.
ALTER TABLE programme ADD ended boolean NOT NULL DEFAULT false;
