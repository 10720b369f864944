const n = 6;
n * 7;
