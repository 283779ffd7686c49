                     
                                    ALTER TABLE songs
  DROP COLUMN plays                 
;
