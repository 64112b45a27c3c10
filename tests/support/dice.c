// SPDX-License-Identifier: GPL-2.0-or-later
/* Pseudo-random numbers and selectors. */
#include <string.h>

#include "dice.h"

uint64_t dice_next(struct dice *dice)
{
	uint64_t z = dice->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned int dice_roll(struct dice *dice, unsigned int sides)
{
	return (unsigned int)(dice_next(dice) >> 33) % sides;
}

bool dice_one_in(struct dice *dice, unsigned int sides)
{
	return dice_roll(dice, sides) == 0;
}

static struct eb_id roll_id(struct dice *dice)
{
	return (struct eb_id){(uint16_t)dice_next(dice), (uint16_t)dice_next(dice)};
}

static void roll_steps(struct dice *dice, struct eb_selector *s)
{
	uint8_t i;

	s->steps = (uint8_t)(1 + dice_roll(dice, EB_MAX_STEPS));
	s->step_whole = dice_one_in(dice, 2);
	for (i = 0; i < s->steps; i++)
		s->step[i] = (struct eb_step){(uint8_t)dice_roll(dice, 32),
					      (uint8_t)dice_roll(dice, 8)};
	if (s->step_whole)
		s->step[s->steps - 1].function = 0;
}

struct eb_selector dice_selector(struct dice *dice)
{
	static const uint16_t vendors[] = {0x10de, 0x1002, 0x8086};
	struct eb_selector s = {
		.kind = (enum eb_selector_kind)dice_roll(dice, EB_SELECT_SECONDARY + 1)};

	if (s.kind == EB_SELECT_NONE)
		return s;
	s.exclude = dice_one_in(dice, 4);
	s.has_guard = dice_one_in(dice, 4);
	if (s.has_guard)
		s.guard = roll_id(dice);
	if (s.kind == EB_SELECT_CARD || s.kind == EB_SELECT_FUNCTION ||
	    s.kind == EB_SELECT_PATH)
		s.addr = (struct eb_addr){
			(uint32_t)(dice_next(dice) >> dice_roll(dice, 64)),
			(uint8_t)dice_next(dice), (uint8_t)dice_roll(dice, 32), 0};
	if (s.kind == EB_SELECT_FUNCTION || s.kind == EB_SELECT_PATH)
		s.addr.function = (uint8_t)dice_roll(dice, 8);
	if (s.kind == EB_SELECT_PATH)
		roll_steps(dice, &s);
	if (s.kind == EB_SELECT_VENDOR)
		s.id.vendor = vendors[dice_roll(dice, 3)];
	if (s.kind == EB_SELECT_ID) {
		s.id = roll_id(dice);
		s.has_subsystem = dice_one_in(dice, 2);
		if (s.has_subsystem)
			s.subsystem = roll_id(dice);
	}
	return s;
}

static bool same_id(struct eb_id a, struct eb_id b)
{
	return a.vendor == b.vendor && a.device == b.device;
}

bool same_selector(const struct eb_selector *a, const struct eb_selector *b)
{
	uint8_t i;

	if (a->kind != b->kind || a->exclude != b->exclude || a->steps != b->steps ||
	    a->step_whole != b->step_whole || a->has_subsystem != b->has_subsystem ||
	    a->has_guard != b->has_guard || eb_addr_compare(&a->addr, &b->addr) != 0)
		return false;
	for (i = 0; i < a->steps; i++)
		if (a->step[i].device != b->step[i].device ||
		    a->step[i].function != b->step[i].function)
			return false;
	return same_id(a->id, b->id) && same_id(a->subsystem, b->subsystem) &&
	       same_id(a->guard, b->guard);
}
