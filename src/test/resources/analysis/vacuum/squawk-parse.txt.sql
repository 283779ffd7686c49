VACUUM (FULL) songs
;
