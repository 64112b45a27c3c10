// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of what a kernel command line asks for: lists, options, limits. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <earlybind/request.h>

#include "unit.h"

static struct eb_request request;
static struct eb_findings findings;

static void read_text(const char *cmdline)
{
	ROW(cmdline);
	findings.count = findings.dropped = 0;
	eb_request_read(cmdline, strlen(cmdline), &request, &findings);
}

/* The request's items as they print. */
static const char *items_text(void)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	char item[EB_SELECTOR_TEXT];
	unsigned int i;

	for (i = 0; i < request.selectors; i++)
		eb_text_add(&text, "%s%s", i ? " " : "",
			    eb_selector_print(&request.selector[i], item));
	return buf;
}

/* The codes of the findings. */
static const char *codes(void)
{
	static char buf[4096];
	struct eb_text text = eb_text_on(buf, sizeof(buf));
	unsigned int i;

	for (i = 0; i < findings.count; i++)
		eb_text_add(&text, "%s%s", i ? " " : "",
			    eb_finding_name(findings.list[i].code));
	return buf;
}

static void lists_add_up(void **state)
{
	static const struct {
		const char *cmdline;
		bool asked;
		const char *items;
		const char *codes;
	} rows[] = {
		{"", false, "", ""},
		{"root=/dev/sda1 quiet\n", false, "", ""},
		{"vfio.gpus=05:00", true, "0000:05:00", ""},
		{"vfio.gpus=05:00\n", true, "0000:05:00", ""},
		{"rd.vfio.gpus=05:00", true, "0000:05:00", ""},
		{"quiet vfio.gpus=nvidia,-0b:00 splash", true, "nvidia -0000:0b:00", ""},
		{"vfio.gpus=05:00 quiet rd.vfio.gpus=06:00 vfio.gpus=none,07:00", true,
		 "0000:05:00 0000:06:00 none 0000:07:00", ""},
		{"vfio.gpus=\"05:00,06:00\"", true, "0000:05:00 0000:06:00", ""},
		{"\"vfio.gpus=05:00,06:00\"", true, "0000:05:00 0000:06:00", ""},
		{"vfio.gpus=05:00 -- vfio.gpus=06:00", true, "0000:05:00", ""},
		{"-- vfio.gpus=06:00", false, "", ""},
		{"xvfio.gpus=05:00 vfio.gpu=05:00 vfio=gpus vfio.gpus.x=1", false, "",
		 ""},
		/* a bad item is left out, the others count */
		{"vfio.gpus=05:0,06:00,x", true, "0000:06:00", "bad-item bad-item"},
		{"vfio.gpus=05:00,,06:00", true, "0000:05:00 0000:06:00", "bad-item"},
		{"vfio.gpus=05:00,", true, "0000:05:00", "bad-item"},
		{"vfio.gpus=,", true, "", "bad-item bad-item"},
		{"vfio.gpus=\"05:00, 06:00\"", true, "0000:05:00", "bad-item"},
		{"vfio.gpus=05:00,-none", true, "0000:05:00", "bad-item"},
		/* nothing given is no card, and somebody should know */
		{"vfio.gpus=", true, "", "empty-argument"},
		{"vfio.gpus", true, "", "empty-argument"},
		{"vfio.gpus=\"\" rd.vfio.gpus=05:00", true, "0000:05:00",
		 "empty-argument"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		read_text(rows[i].cmdline);
		assert_int_equal(request.asked, rows[i].asked);
		assert_string_equal(items_text(), rows[i].items);
		assert_string_equal(codes(), rows[i].codes);
		assert_false(request.too_long);
	}
}

static void a_bad_item_is_shown_where_it_is(void **state)
{
	(void)state;
	read_text("quiet vfio.gpus=05:00,10de:118,06:00");
	assert_string_equal(
		findings.list[0].text,
		"vfio.gpus=: item '10de:118' is not understood at offset 11: an id is "
		"VVVV:DDDD, four hex digits each; it is ignored, the other items count");
	read_text("rd.vfio.gpus=-05:0");
	assert_string_equal(
		findings.list[0].text,
		"rd.vfio.gpus=: item '-05:0' is not understood at offset 4: a device is "
		"two hex digits, 00 to 1f; it is ignored, so it excludes nothing, and "
		"the other items count");
	read_text("vfio.gpus=\"05:00,\001\xff\"");
	assert_memory_equal(findings.list[0].text, "vfio.gpus=: item '?\?' ", 22);
}

/* Each option's effect: fb, on_failure, nongpu, power, dryrun as 0 or 1, and timeout. */
static void options_have_values_and_defaults(void **state)
{
	static const struct {
		const char *cmdline;
		const char *flags;
		unsigned int timeout;
		const char *codes;
	} rows[] = {
		{"", "00000", 10, ""},
		{"earlybind.fb=release", "10000", 10, ""},
		{"earlybind.fb=keep", "00000", 10, ""},
		{"earlybind.on_failure=hold", "01000", 10, ""},
		{"earlybind.on-failure=hold", "01000", 10, ""},
		{"earlybind.on_failure=return", "00000", 10, ""},
		{"earlybind.nongpu=allow", "00100", 10, ""},
		{"earlybind.nongpu=refuse", "00000", 10, ""},
		{"earlybind.power=on", "00010", 10, ""},
		{"earlybind.power=auto", "00000", 10, ""},
		{"earlybind.dryrun=1", "00001", 10, ""},
		{"earlybind.dryrun=0", "00000", 10, ""},
		{"earlybind.timeout=1", "00000", 1, ""},
		{"earlybind.timeout=3600", "00000", 3600, ""},
		{"earlybind.fb=\"release\" \"earlybind.power=on\"", "10010", 10, ""},
		/* given again, the last one counts */
		{"earlybind.fb=release earlybind.fb=keep", "00000", 10, ""},
		{"earlybind.fb=keep earlybind.fb=release", "10000", 10, ""},
		{"earlybind.timeout=3 earlybind.timeout=5", "00000", 5, ""},
		/* an unknown value: the default holds */
		{"earlybind.fb=yes", "00000", 10, "bad-value"},
		{"earlybind.fb=release earlybind.fb=yes", "00000", 10, "bad-value"},
		{"earlybind.fb", "00000", 10, "bad-value"},
		{"earlybind.fb=", "00000", 10, "bad-value"},
		{"earlybind.fb=RELEASE", "00000", 10, "bad-value"},
		{"earlybind.on_failure=1", "00000", 10, "bad-value"},
		{"earlybind.nongpu=yes", "00000", 10, "bad-value"},
		{"earlybind.power=off", "00000", 10, "bad-value"},
		{"earlybind.dryrun=2", "00000", 10, "bad-value"},
		{"earlybind.dryrun", "00000", 10, "bad-value"},
		{"earlybind.timeout=0", "00000", 10, "bad-value"},
		{"earlybind.timeout=3601", "00000", 10, "bad-value"},
		{"earlybind.timeout=-1", "00000", 10, "bad-value"},
		{"earlybind.timeout=10s", "00000", 10, "bad-value"},
		{"earlybind.timeout", "00000", 10, "bad-value"},
		{"earlybind.timeout=5 earlybind.timeout=x", "00000", 10, "bad-value"},
		/* an unknown name */
		{"earlybind.framebuffer=release", "00000", 10, "unknown-option"},
		{"earlybind.=1 earlybind.fb.x", "00000", 10,
		 "unknown-option unknown-option"},
		{"earlybind=1 earlybinds.fb=release Earlybind.fb=release", "00000", 10,
		 ""},
		{"-- earlybind.fb=release", "00000", 10, ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char flags[6];

		read_text(rows[i].cmdline);
		snprintf(flags, sizeof(flags), "%d%d%d%d%d", request.options.release_fb,
			 request.options.hold_failed, request.options.allow_nongpu,
			 request.options.power_on, request.options.dryrun);
		assert_string_equal(flags, rows[i].flags);
		assert_int_equal(request.options.timeout, rows[i].timeout);
		assert_string_equal(codes(), rows[i].codes);
		assert_false(request.asked);
	}
}

static void our_arguments_are_kept_as_given(void **state)
{
	(void)state;
	read_text("quiet vfio.gpus=\"a b\" earlybind.x rd.vfio.gpus=05:00 "
		  "vfio-pci.ids=10de:1187");
	assert_int_equal(request.arguments, 3);
	assert_memory_equal(request.argument[0].name.at, "vfio.gpus", 9);
	assert_int_equal(request.argument[0].value.len, 3);
	assert_memory_equal(request.argument[0].value.at, "a b", 3);
	assert_null(request.argument[1].value.at);
	assert_int_equal(request.argument[2].name.len, 12);
}

static void the_iommu_is_switched_by_words(void **state)
{
	static const struct {
		const char *cmdline;
		bool intel_on, off;
	} rows[] = {
		{"intel_iommu=on", true, false},
		{"intel-iommu=on", true, false},
		{"intel_iommu=on,sm_on iommu=pt", true, false},
		{"intel_iommu=igfx_off,on", true, false},
		{"intel_iommu=off intel_iommu=on", true, false},
		{"intel_iommu=on intel_iommu=off", false, false},
		{"intel_iommu=igfx_off", false, false},
		{"intel_iommu", false, false},
		{"iommu=pt", false, false},
		{"amd_iommu=on", false, false},
		{"intel_iommu=on iommu=pt,off iommu=force", true, true},
		{"amd_iommu=off", false, true},
		{"iommu=soft,offset", false, false},
		{"-- intel_iommu=on iommu=off", false, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		read_text(rows[i].cmdline);
		assert_int_equal(request.intel_iommu_on, rows[i].intel_on);
		assert_int_equal(request.iommu_off, rows[i].off);
	}
}

static void framebuffers_are_kept_from_starting(void **state)
{
	static const struct {
		const char *cmdline;
		bool efifb_off, sysfb_off, nomodeset;
	} rows[] = {
		{"video=efifb:off", true, false, false},
		{"video=efifb:off video=HDMI-A-1:d", true, false, false},
		{"video=efifb:off,vesafb:off", true, false, false},
		{"video=vesafb:off,efifb:off", false, false, false},
		{"video=efifb:on", false, false, false},
		{"video", false, false, false},
		{"initcall_blacklist=sysfb_init", false, true, false},
		{"initcall_blacklist=a,sysfb_init,b", false, true, false},
		{"initcall_blacklist=sysfb_init2,xsysfb_init", false, false, false},
		{"initcall_blacklist=", false, false, false},
		{"initcall_blacklist", false, false, false},
		{"quiet nomodeset", false, false, true},
		{"nomodesetting", false, false, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		read_text(rows[i].cmdline);
		assert_int_equal(request.efifb_off, rows[i].efifb_off);
		assert_int_equal(request.sysfb_off, rows[i].sysfb_off);
		assert_int_equal(request.nomodeset, rows[i].nomodeset);
	}
}

static void only_good_ids_are_kept(void **state)
{
	static const struct {
		const char *cmdline;
		unsigned int count;
	} rows[] = {
		{"vfio-pci.ids=10de:1187", 1},
		{"vfio-pci.ids=10de:1187,x,10de:0e0a,", 2},
		{"vfio-pci.ids=x", 0},
		{"vfio-pci.ids=", 0},
		{"vfio-pci.ids", 0},
		{"vfio-pci.ids=10de:1187 vfio-pci.ids=10de:0e0a,10de:0e0b", 2},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		read_text(rows[i].cmdline);
		assert_int_equal(request.vfio_ids, rows[i].count);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_add_up),
		cmocka_unit_test(a_bad_item_is_shown_where_it_is),
		cmocka_unit_test(options_have_values_and_defaults),
		cmocka_unit_test(our_arguments_are_kept_as_given),
		cmocka_unit_test(the_iommu_is_switched_by_words),
		cmocka_unit_test(framebuffers_are_kept_from_starting),
		cmocka_unit_test(only_good_ids_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
