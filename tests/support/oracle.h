/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What should be claimed, worked out in another way than the agent does. */
#ifndef EB_TESTS_ORACLE_H
#define EB_TESTS_ORACLE_H

#include <earlybind/survey.h>

struct oracle {
	const struct eb_survey *survey;
	/* Of each item and function: does the item choose or take out the function? */
	bool touches[EB_MAX_SELECTORS][EB_MAX_FUNCTIONS];
};

/* Ask about SURVEY, whose request and machine are read. */
void oracle_ask(struct oracle *oracle, const struct eb_survey *survey);

/* Is FUNCTION to be planned? By going through the items from the last one back, the
 * first that touches it decides; then by the policy. */
bool oracle_plans(const struct oracle *oracle, unsigned int function);

/* Can items I and J change places without a difference? Not when both touch the same
 * function, nor when one is none or drops all. */
bool oracle_unrelated(const struct oracle *oracle, unsigned int i, unsigned int j);

#endif
