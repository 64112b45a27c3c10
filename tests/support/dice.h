/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pseudo-random numbers and selectors: the same seed gives the same ones anywhere. */
#ifndef EB_TESTS_DICE_H
#define EB_TESTS_DICE_H

#include <earlybind/selector.h>

struct dice {
	uint64_t state; /* begins as the seed */
};

/* The next number, of all 64 bits. (Steele, Lea, Flood: SplitMix, 2014.) */
uint64_t dice_next(struct dice *dice);

/* A number from 0 to SIDES - 1. */
unsigned int dice_roll(struct dice *dice, unsigned int sides);

/* True once in SIDES times. */
bool dice_one_in(struct dice *dice, unsigned int sides);

/* A selector of any kind with any addresses and ids. Its text is empty. */
struct eb_selector dice_selector(struct dice *dice);

/* Are both the same but for their text? */
bool same_selector(const struct eb_selector *a, const struct eb_selector *b);

#endif
