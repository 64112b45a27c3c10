// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz a whole command line, up to the plan on a machine of many kinds of cards: it
 * plans what the oracle says, and ends in sound findings. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "machines.h"
#include "oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct eb_survey survey;
static struct oracle oracle;

static void expect(int right)
{
	if (!right)
		abort();
}

static void check_findings(void)
{
	unsigned int i;

	expect(survey.findings.count <= EB_MAX_FINDINGS);
	for (i = 0; i < survey.findings.count; i++) {
		const char *text = survey.findings.list[i].text;
		size_t len = strnlen(text, EB_FINDING_TEXT);

		expect(len > 0 && len < EB_FINDING_TEXT);
		for (; *text; text++)
			expect(*text >= ' ' && *text <= '~');
	}
}

static void check_plan(void)
{
	unsigned int i;

	oracle_ask(&oracle, &survey);
	for (i = 0; i < survey.pci.count; i++) {
		const struct eb_device *device = eb_plan_find(&survey.plan, (int)i);

		expect((device && device->result == EB_RESULT_PLANNED) ==
		       oracle_plans(&oracle, i));
	}
	expect(survey.plan.count == 0 || survey.request.asked);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct part *const machines[] = {desk, radeon, arc, laptop, plx};
	const struct part *parts = machines[size % 5];
	/* an allocation of its own, so that a byte beyond it is seen */
	char *text = malloc(size + 1);

	memcpy(text, data, size);
	survey.findings.count = survey.findings.dropped = 0;
	eb_request_read(text, size, &survey.request, &survey.findings);
	expect(survey.request.selectors <= EB_MAX_SELECTORS);
	expect(survey.request.options.timeout >= 1 &&
	       survey.request.options.timeout <= EB_MAX_TIMEOUT);
	build_plan_again(&survey, parts);
	check_findings();
	check_plan();
	free(text);
	return 0;
}
