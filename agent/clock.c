// SPDX-License-Identifier: GPL-2.0-or-later
/* How much time has passed, by the time of day. */
#include <stddef.h>
#include <sys/time.h>

#include "clock.h"

uint64_t eb_clock_since(uint64_t start)
{
	struct timeval now;
	uint64_t us;

	if (gettimeofday(&now, NULL) < 0)
		return 0;
	us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_usec;
	return us > start ? us - start : 0;
}
