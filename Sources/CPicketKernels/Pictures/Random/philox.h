/// Philox4x32-10: a block of random words as a function of a key and a counter (Salmon and others, SC 2011).

#ifndef PICKET_PICTURES_PHILOX_H
#define PICKET_PICTURES_PHILOX_H

#define PICKET_PHILOX_ROUNDS 10
#define PICKET_PHILOX_FACTOR_0 0xd2511f53u
#define PICKET_PHILOX_FACTOR_1 0xcd9e8d57u
#define PICKET_PHILOX_STEP_0 0x9e3779b9u
#define PICKET_PHILOX_STEP_1 0xbb67ae85u

/// What the words of a seed are for: each purpose counts by itself.
#define PICKET_STREAM_NOISE 1
#define PICKET_STREAM_MASK 2
#define PICKET_STREAM_DEFLECTION 3

#endif
