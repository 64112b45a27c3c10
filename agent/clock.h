/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The only clock that the agent has. */
#ifndef EARLYBIND_AGENT_CLOCK_H
#define EARLYBIND_AGENT_CLOCK_H

#include <stdint.h>

/* Microseconds since START, which is 0 for the first call. No clock is set this early,
 * and klibc has no other; a step back reads as no time at all. */
uint64_t eb_clock_since(uint64_t start);

#endif
