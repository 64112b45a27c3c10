// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what a plan tells a person: the cause, the device, and the way out. */
#include <stdio.h>
#include <string.h>

#include "machines.h"
#include "unit.h"

static struct eb_survey survey;

static void plan(const struct part *parts, const char *cmdline)
{
	ROW(cmdline);
	build_plan(&survey, parts, cmdline);
}

/* The text of the first finding of CODE. */
static const char *said(enum eb_code code)
{
	const struct eb_finding *finding = find_code(&survey, code);

	assert_non_null(finding);
	return finding->text;
}

/* Of many cards as many are named as there is room for. */
static void a_card_without_a_reset_is_said(void **state)
{
	static const struct part odd[] = {
		PART("01:00.0", VGA, 0x1002, 0x67df, .group = 1, .no_reset = true),
		PART("02:00.0", VGA, 0x10de, 0x1187, .group = 2),
		PART("03:00.0", VGA, 0x1002, 0x67df, .no_reset = true),
		{0},
	};

	(void)state;
	plan(odd, "vfio.gpus=all");
	assert_string_equal(codes_text(&survey), "no-iommu no-reset");
	assert_contains(said(EB_FIND_NO_RESET),
			"0000:01:00.0 cannot be reset on its own");
	plan(odd, "vfio.gpus=nvidia");
	assert_string_equal(codes_text(&survey), "");
}

static void no_iommu_says_how_to_switch_it_on(void **state)
{
	static const struct part bare[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187),
		PART("02:00.0", VGA, 0x10de, 0x1187),
		{0},
	};
	static const struct {
		enum eb_cpu cpu;
		bool iommu;
		const char *arguments;
		const char *says;
	} rows[] = {
		{EB_CPU_INTEL, false, "",
		 "add intel_iommu=on to the kernel command line"},
		{EB_CPU_INTEL, false, "iommu=pt", "add intel_iommu=on to the kernel"},
		{EB_CPU_INTEL, false, "intel_iommu=on", "so enable VT-d in the firmware"},
		{EB_CPU_INTEL, false, "intel_iommu=off",
		 "add intel_iommu=on to the kernel"},
		{EB_CPU_INTEL, false, "intel_iommu=on iommu=off", "remove iommu=off"},
		{EB_CPU_AMD, false, "", "enable the IOMMU (AMD-Vi) in the firmware"},
		{EB_CPU_AMD, false, "intel_iommu=on", "enable the IOMMU (AMD-Vi)"},
		{EB_CPU_AMD, false, "amd_iommu=off", "remove iommu=off or amd_iommu=off"},
		{EB_CPU_OTHER, false, "", "enable the IOMMU (SMMU, VT-d, AMD-Vi)"},
		{EB_CPU_INTEL, true, "", "though the IOMMU is on"},
		{EB_CPU_AMD, true, "", "though the IOMMU is on"},
	};
	char line[128];
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		survey.machine = (struct eb_machine){.cpu = rows[i].cpu,
						     .iommu = rows[i].iommu};
		snprintf(line, sizeof(line), "vfio.gpus=nvidia %s", rows[i].arguments);
		plan(bare, line);
		assert_string_equal(codes_text(&survey), "no-iommu");
		assert_memory_equal(said(EB_FIND_NO_IOMMU), "0000:01:00.0 is in no IOMMU",
				    27);
		assert_contains(said(EB_FIND_NO_IOMMU), rows[i].says);
		/* and nothing else */
		if (rows[i].iommu)
			assert_null(strstr(said(EB_FIND_NO_IOMMU), "IOMMU is off"));
		if (strstr(rows[i].says, "remove iommu=off"))
			assert_null(strstr(said(EB_FIND_NO_IOMMU), "setup"));
	}
}

static void refusals_name_the_way_out(void **state)
{
	static const struct part odd[] = {
		PART("02:00.0", VGA, 0x8086, 0x56c0, .group = 2, .vfs = 4),
		PART("10000:03:00.0", VGA, 0x10de, 0x1187, .group = 3,
		     .override = "nvidia"),
		{0},
	};

	(void)state;
	plan(odd, "vfio.gpus=all");
	assert_contains(said(EB_FIND_SRIOV),
			"0000:02:00.0 has 4 virtual functions enabled");
	assert_contains(said(EB_FIND_SRIOV), "write 0 to its sriov_numvfs");
	assert_contains(said(EB_FIND_OTHER_OVERRIDE),
			"10000:03:00.0 has driver_override 'nvidia'");
	assert_contains(said(EB_FIND_OTHER_OVERRIDE),
			"driverctl unset-override 10000:03:00.0");
}

static void the_console_s_card_is_said_when_it_goes(void **state)
{
	static const struct part first[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187, .group = 1, .boot_vga = true),
		{0},
	};

	(void)state;
	plan(desk, "vfio.gpus=boot");
	assert_string_equal(codes_text(&survey), "boot-display");
	assert_memory_equal(said(EB_FIND_BOOT_DISPLAY), "0000:00:02.0 shows the console",
			    30);
	assert_contains(said(EB_FIND_BOOT_DISPLAY), "vfio.gpus=none");
	plan(first, "vfio.gpus=01:00");
	assert_string_equal(codes_text(&survey), "boot-display");
	plan(desk, "vfio.gpus=secondary");
	assert_null(find_code(&survey, EB_FIND_BOOT_DISPLAY));
	plan(desk, "vfio.gpus=all,-boot");
	assert_null(find_code(&survey, EB_FIND_BOOT_DISPLAY));
	plan(radeon, "vfio.gpus=03:00.1");
	assert_null(find_code(&survey, EB_FIND_BOOT_DISPLAY));
}

static void ids_for_vfio_pci_may_take_the_host_s_card(void **state)
{
	static const struct part held[] = {
		PART("01:00.0", VGA, 0x10de, 0x1187, .group = 1, .driver = "vfio-pci"),
		PART("02:00.0", VGA, 0x10de, 0x1188, .group = 2),
		{0},
	};
	static const struct {
		const char *cmdline;
		const char *codes;
		const char *address; /* of the first finding */
	} rows[] = {
		{"vfio.gpus=01:00 vfio-pci.ids=10de:1e84", "ids-take-more",
		 "0000:02:00.0"},
		{"vfio.gpus=01:00 vfio_pci.ids=10de:1e84,10de:10f8",
		 "ids-take-more ids-take-more", "0000:02:00.0"},
		{"vfio.gpus=01:00 vfio-pci.ids=10de:1e84:1458", "", NULL},
		{"vfio.gpus=nvidia vfio-pci.ids=10de:1e84,10de:10f8", "", NULL},
		{"vfio.gpus=nvidia vfio-pci.ids=8086:ffffffff:ffffffff:ffffffff:30000:"
		 "ffff00ff",
		 "ids-take-more", "0000:00:02.0"},
		/* twice the same is said once, and the last list counts */
		{"vfio.gpus=nvidia vfio-pci.ids=8086:3e92,8086:3e92", "ids-take-more",
		 "0000:00:02.0"},
		{"vfio.gpus=nvidia vfio-pci.ids=8086:3e92 vfio-pci.ids=10de:1e84", "",
		 NULL},
		/* what is no card is not our affair */
		{"vfio.gpus=nvidia vfio-pci.ids=144d:a808,8086:1901", "", NULL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		plan(desk, rows[i].cmdline);
		assert_string_equal(codes_text(&survey), rows[i].codes);
		if (rows[i].address)
			assert_contains(said(EB_FIND_IDS_TAKE_MORE), rows[i].address);
	}
	/* one that is on vfio-pci already is not taken from anybody */
	plan(held, "vfio.gpus=02:00 vfio-pci.ids=10de:1187,10de:1188");
	assert_string_equal(codes_text(&survey), "");
	/* the functions of a card, not the ports of its own switch */
	plan(radeon, "vfio.gpus=04:00 vfio-pci.ids=1002:ffffffff");
	assert_string_equal(codes_text(&survey), "ids-take-more ids-take-more "
						 "ids-take-more ids-take-more");
}

static void a_dry_run_and_none_say_so(void **state)
{
	(void)state;
	plan(desk, "vfio.gpus=01:00 earlybind.dryrun=1");
	assert_contains(said(EB_FIND_DRY_RUN), "nothing was changed");
	assert_int_equal(eb_finding_severity(EB_FIND_DRY_RUN), EB_INFO);
	plan(desk, "vfio.gpus=all vfio.gpus=none");
	assert_contains(said(EB_FIND_SWITCHED_OFF),
			"'none' switches earlybind off for this boot");
	plan(desk, "vfio.gpus=none,01:00");
	assert_null(find_code(&survey, EB_FIND_SWITCHED_OFF));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_card_without_a_reset_is_said),
		cmocka_unit_test(no_iommu_says_how_to_switch_it_on),
		cmocka_unit_test(refusals_name_the_way_out),
		cmocka_unit_test(the_console_s_card_is_said_when_it_goes),
		cmocka_unit_test(ids_for_vfio_pci_may_take_the_host_s_card),
		cmocka_unit_test(a_dry_run_and_none_say_so),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
