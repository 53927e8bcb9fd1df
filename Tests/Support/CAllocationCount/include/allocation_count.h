/// Counts what a process allocates, for tests: the executable that links this has its own `malloc`, over glibc's.

#ifndef ALLOCATION_COUNT_H
#define ALLOCATION_COUNT_H

/// Calls of malloc, calloc, realloc and the aligned ones by this thread since it began.
long allocation_count(void);

#endif
