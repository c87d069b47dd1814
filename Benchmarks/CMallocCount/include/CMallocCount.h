#ifndef CMALLOCCOUNT_H
#define CMALLOCCOUNT_H

#include <stdint.h>

/// Allocations made by the whole process since it started; freeing is not counted.
uint64_t malloc_count(void);

#endif
