// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading only what a request needs: the report must be that of a scan of everything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/nearby.h>
#include <earlybind/survey.h>

#include "crowd-tree.h"
#include "fake-place.h"
#include "unit.h"
#include "write.h"

static struct eb_survey survey;
static struct crowd crowd;
static char whole[65537];

/* The report on CMDLINE, which is not carried out. */
static const char *report_on(struct place *place, const char *cmdline, bool everything)
{
	struct eb_report report;

	survey.locked = place_locked(place);
	survey.whole = everything;
	eb_survey_request_text(&survey, cmdline);
	eb_survey_machine(&survey, place->root);
	eb_survey_predict(&survey, place->root);
	report = eb_survey_report(&survey);
	assert_int_equal(eb_write_report(&report, place->root), 0);
	return place_read(place, EB_REPORT_JSON);
}

/* Were fewer functions read than there are? */
static bool compare(struct place *place, const char *cmdline)
{
	unsigned int all;
	const char *part;
	size_t at;

	snprintf(whole, sizeof(whole), "%s", report_on(place, cmdline, true));
	all = survey.pci.count;
	part = report_on(place, cmdline, false);
	for (at = 0; whole[at] == part[at] && whole[at]; at++)
		;
	if (whole[at] != part[at])
		fail_msg("%s: from byte %zu on, of everything:\n%.400s\nof what is "
			 "near:\n%.400s",
			 cmdline, at, whole + (at > 200 ? at - 200 : 0),
			 part + (at > 200 ? at - 200 : 0));
	return survey.pci.count < all;
}

static const char *const names[] = {
	"already-claimed",
	"amd-switch",
	"bar-unassigned",
	"busted",
	"high-bus",
	"intel-arc",
	"consumer-shared-group",
	"intel-igpu-dgpu",
	"laptop-3d",
	"nvidia-twins",
	"no-iommu",
	"seed",
	"server-8-accel",
	"sriov",
	"vmd-domains",
};

/* Each function of each captured machine, by itself, with its slot, with a guard that
 * holds and one that does not, and beside another. */
static void captured_machines(void **state)
{
	static struct eb_pci pci;
	unsigned int i, f, near = 0, asked = 0;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		void *own = NULL;

		ROW(names[i]);
		assert_int_equal(place_setup(&own), 0);
		place_add_machine(own, names[i]);
		place_add(own, "d run\n");
		assert_int_equal(eb_pci_scan(((struct place *)own)->root, &pci, true), 0);
		for (f = 0; f < pci.count; f++) {
			const struct eb_function *at = &pci.function[f];
			char text[EB_ADDR_TEXT], line[256];
			int len = snprintf(text, sizeof(text), "%04x:%02x:%02x",
					   at->addr.domain, at->addr.bus,
					   at->addr.device);

			assert_true(len > 0);
			snprintf(line, sizeof(line), "vfio.gpus=%s.%u", text,
				 at->addr.function);
			near += compare(own, line);
			snprintf(line, sizeof(line), "vfio.gpus=%s,-%s.1@%04x:%04x", text,
				 text, at->id.vendor, at->id.device);
			near += compare(own, line);
			snprintf(line, sizeof(line),
				 "vfio.gpus=%s@%04x:%04x,01:00 earlybind.nongpu=allow",
				 text, at->id.vendor, at->id.device);
			near += compare(own, line);
			asked += 3;
		}
		assert_int_equal(place_teardown(&own), 0);
	}
	print_message("  %u of %u read less than everything\n", near, asked);
	assert_true(near > asked / 8);
}

static void throw_line(struct dice *dice, char line[EB_MAX_CMDLINE])
{
	unsigned int items = 1 + dice_roll(dice, 4);
	struct eb_text text = eb_text_on(line, EB_MAX_CMDLINE);

	if (dice_one_in(dice, 2))
		eb_text_add(&text, "earlybind.nongpu=allow ");
	eb_text_add(&text, "vfio.gpus=");
	while (items > 0) {
		const char *item = crowd_item(&survey.pci, dice);

		/* Most often what can be read alone. */
		if (!strchr(item, '.') && !dice_one_in(dice, 10))
			continue;
		eb_text_add(&text, "%s,", item);
		items--;
	}
	text.buf[text.len - 1] = '\0';
}

static void thrown_machines(void **state)
{
	unsigned int machine, request, near = 0, asked = 0, functions = 0;
	struct dice dice = {.state = 77};
	char line[EB_MAX_CMDLINE];

	(void)state;
	for (machine = 0; machine < 40; machine++) {
		void *own = NULL;
		char *tree = NULL;
		size_t size;
		FILE *file = open_memstream(&tree, &size);

		assert_int_equal(place_setup(&own), 0);
		crowd_throw(&crowd, &dice, 8 + dice_roll(&dice, 60));
		crowd_make_real(&crowd);
		crowd_write(&crowd, file,
			    dice_one_in(&dice, 2) ? CROWD_MODALIAS : CROWD_NUMBERS);
		fclose(file);
		place_add(own, tree);
		free(tree);
		for (request = 0; request < 20; request++) {
			build_pci(&survey.pci, crowd.part);
			throw_line(&dice, line);
			near += compare(own, line);
			functions += survey.pci.count;
			asked++;
		}
		assert_int_equal(place_teardown(&own), 0);
	}
	print_message("  %u of %u read less than everything\n", near, asked);
	assert_true(near > asked / 8 && functions > asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captured_machines),
		cmocka_unit_test(thrown_machines),
	};

	return cmocka_run_group_tests_name("nearby", tests, NULL, NULL);
}
