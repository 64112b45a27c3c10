// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what a plan says of IOMMU groups, and of its own limits. */
#include <stdio.h>
#include <string.h>

#include "machines.h"
#include "unit.h"

static struct eb_survey survey;

/* One group of nearly everything, as on a consumer board; GPU, sound, disk and more. */
static const struct part shared[] = {
	PART("00:00.0", HOST, 0x1022, 0x1450, .group = 1),
	PART("00:01.0", PORT, 0x1022, 0x1453, .group = 1, .driver = "pcieport"),
	PART("00:01.2", PORT, 0x1022, 0x1453, .group = 1),
	PART("00:02.0", PORT, 0x1022, 0x1453, .group = 1, .driver = "shpchp"),
	PART("00:14.0", ISA, 0x1022, 0x790e, .group = 1, .driver = "lpc_ich"),
	PART("00:14.3", HOST, 0x1022, 0x790b, .group = 1),
	PART("01:00.0", SATA, 0x1022, 0x43b5, .group = 1, .driver = "ahci"),
	PART("02:00.0", NIC, 0x10ec, 0x8168, .group = 1),
	PART("03:00.0", VGA, 0x10de, 0x1187, .group = 1),
	PART("03:00.1", AUDIO, 0x10de, 0x0e0a, .group = 1, .driver = "snd_hda_intel"),
	PART("04:00.0", USB, 0x1022, 0x43bb, .group = 1, .driver = "vfio-pci"),
	PART("05:00.0", USB, 0x1022, 0x43bb, .group = 1, .driver = "pci-stub"),
	PART("06:00.0", VGA, 0x10de, 0x1188, .group = 2, .override = "nvidia"),
	PART("06:00.1", AUDIO, 0x10de, 0x0e0b, .group = 2, .driver = "snd_hda_intel"),
	PART("07:00.0", NVME, 0x144d, 0xa808, .group = 2, .driver = "nvme"),
	PART("08:00.0", VGA, 0x10de, 0x1189),
	PART("08:00.1", AUDIO, 0x10de, 0x0e0c, .driver = "snd_hda_intel"),
	{0},
};

/* The addresses of the findings of group-held. */
static const char *held(void)
{
	static char buf[1024];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	char name[EB_ADDR_TEXT];
	unsigned int i;

	for (i = 0; i < survey.findings.count; i++) {
		const struct eb_finding *finding = &survey.findings.list[i];

		if (finding->code == EB_FIND_GROUP_HELD)
			eb_text_add(&text, "%s%s", text.len ? " " : "",
				    eb_addr_print(&finding->addr, name) + 5);
	}
	return buf;
}

static void siblings_are_findings_and_never_claimed(void **state)
{
	static const struct {
		const char *cmdline;
		const char *planned;
		const char *held;
	} rows[] = {
		/* bridges without a driver, ports, vfio-pci and pci-stub do no harm */
		{"vfio.gpus=03:00", "03:00.0 03:00.1", "00:14.0 01:00.0 02:00.0"},
		{"vfio.gpus=03:00.0", "03:00.0", "00:14.0 01:00.0 02:00.0 03:00.1"},
		/* what is claimed too is well */
		{"vfio.gpus=03:00,02:00 earlybind.nongpu=allow",
		 "02:00.0 03:00.0 03:00.1", "00:14.0 01:00.0"},
		/* what was asked for and is refused stands in the way all the same */
		{"vfio.gpus=03:00,01:00", "03:00.0 03:00.1", "00:14.0 01:00.0 02:00.0"},
		/* nothing of the group is claimed: nothing to say */
		{"vfio.gpus=06:00.0", "", ""},
		{"vfio.gpus=06:00", "06:00.1", "06:00.0 07:00.0"},
		{"vfio.gpus=08:00", "", ""},
		{"vfio.gpus=none", "", ""},
	};
	size_t i;

	(void)state;
	survey.machine = (struct eb_machine){.iommu = true};
	for (i = 0; i < COUNT(rows); i++) {
		ROW(rows[i].cmdline);
		build_plan(&survey, shared, rows[i].cmdline);
		assert_string_equal(planned_text(&survey), rows[i].planned);
		assert_string_equal(held(), rows[i].held);
	}
}

/* On vfio-pci already: its group wants to be viable as well. */
static void a_claimed_card_s_group_is_looked_at(void **state)
{
	static const struct part claimed[] = {
		PART("03:00.0", VGA, 0x10de, 0x1187, .group = 1, .driver = "vfio-pci"),
		PART("04:00.0", SATA, 0x1022, 0x43b5, .group = 1, .driver = "ahci"),
		{0},
	};

	(void)state;
	build_plan(&survey, claimed, "vfio.gpus=03:00");
	assert_string_equal(results_text(&survey), "03:00.0 claimed");
	assert_string_equal(held(), "04:00.0");
}

static void a_held_group_names_both_and_the_way_out(void **state)
{
	const struct eb_finding *finding;

	(void)state;
	build_plan(&survey, shared, "vfio.gpus=03:00,01:00");
	finding = find_code(&survey, EB_FIND_GROUP_HELD);
	assert_string_equal(
		finding->text,
		"0000:00:14.0 (1022:790e) shares IOMMU group 1 with 0000:03:00.0 and is "
		"held by lpc_ich: the group is not viable and no guest can open the "
		"card; move one to another slot, or claim both if the host does not "
		"need it");
	finding += 2;
	assert_memory_equal(finding->text, "0000:02:00.0 (10ec:8168) shares", 31);
	assert_non_null(
		strstr(finding->text,
		       "is not claimed: once a host driver binds to it, the group is not "
		       "viable"));
}

/* A crowd of functions of one class, eight to a slot. */
static struct part crowd[EB_MAX_FUNCTIONS + 9];
static char crowd_at[EB_MAX_FUNCTIONS + 9][EB_ADDR_TEXT];

static const struct part *make_crowd(unsigned int count, uint32_t class)
{
	unsigned int i;

	memset(crowd, 0, sizeof(crowd));
	for (i = 0; i < count; i++) {
		const struct eb_addr addr = {i >> 16, (uint8_t)(i >> 8), i >> 3 & 0x1f,
					     i & 7};

		crowd[i] = (struct part)PART(eb_addr_print(&addr, crowd_at[i]), class,
					     0x10de, 0x1187, .group = 1 + (int)(i >> 3));
	}
	return crowd;
}

static void limits_are_findings(void **state)
{
	const struct eb_finding *finding;

	(void)state;
	build_plan(&survey, make_crowd(EB_MAX_DETAILS, VGA), "vfio.gpus=all");
	assert_int_equal(survey.plan.count, EB_MAX_DEVICES);
	assert_string_equal(codes_text(&survey), "");
	build_plan(&survey, make_crowd(EB_MAX_DETAILS + 40, VGA), "vfio.gpus=all");
	assert_int_equal(survey.plan.count, EB_MAX_DEVICES);
	finding = find_code(&survey, EB_FIND_LIMIT);
	assert_non_null(finding);
	assert_string_equal(finding->text, "40 more functions than earlybind can claim");
	build_plan(&survey, make_crowd(EB_MAX_FUNCTIONS + 8, NIC), "vfio.gpus=00:00");
	finding = find_code(&survey, EB_FIND_LIMIT);
	assert_non_null(finding);
	assert_string_equal(finding->text,
			    "8 more PCI functions than earlybind can read");
}

/* More are asked for than a plan holds. Those that are refused take no card's place. */
static void a_plan_that_is_full_says_so(void **state)
{
	const struct part *parts = make_crowd(EB_MAX_DEVICES + 24, NIC);
	const struct eb_finding *finding;
	struct eb_text text;
	char line[1024];
	unsigned int i;

	(void)state;
	crowd[EB_MAX_DEVICES + 16].class = VGA;
	text = eb_text_on(line, sizeof(line));
	eb_text_add(&text, "vfio.gpus=");
	for (i = 0; i < (EB_MAX_DEVICES + 24) / 8; i++)
		eb_text_add(&text, "%s%02x:%02x", i ? "," : "", i >> 5, i & 0x1f);
	build_plan(&survey, parts, line);
	assert_int_equal(survey.plan.count, EB_MAX_DEVICES);
	assert_string_equal(planned_text(&survey),
			    "01:02.0 01:02.1 01:02.2 01:02.3 01:02.4 01:02.5 01:02.6 "
			    "01:02.7");
	finding = find_code(&survey, EB_FIND_LIMIT);
	assert_non_null(finding);
	assert_string_equal(finding->text,
			    "24 more selected functions than earlybind keeps");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(siblings_are_findings_and_never_claimed),
		cmocka_unit_test(a_claimed_card_s_group_is_looked_at),
		cmocka_unit_test(a_held_group_names_both_and_the_way_out),
		cmocka_unit_test(limits_are_findings),
		cmocka_unit_test(a_plan_that_is_full_says_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
