// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests of reading PCI functions from /sys/bus/pci/devices. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <earlybind/pci.h>

#include "fake-place.h"
#include "unit.h"

static struct eb_pci pci;

static int find(const char *text)
{
	struct eb_addr addr;

	assert_int_equal(eb_addr_parse(text, strlen(text), &addr), 0);
	return eb_pci_find(&pci, &addr);
}

static const struct eb_function *at(const char *text)
{
	int index = find(text);

	if (index < 0)
		fail_msg("%s was not found", text);
	return &pci.function[index];
}

static const struct eb_detail *detail(const char *text)
{
	const struct eb_detail *d = eb_pci_detail(&pci, (unsigned int)find(text));

	if (!d)
		fail_msg("%s has no detail", text);
	return d;
}

#define BUS   "sys/bus/pci/devices/"
#define ROOT  "sys/devices/pci0000:00/"
#define PORT  ROOT "0000:00:01.0/"
#define CARD  PORT "0000:01:00.0/"
#define SOUND PORT "0000:01:00.1/"
#define EMPTY "0x0000000000000000 0x0000000000000000 0x0000000000000000\\n"
#define VMD   ROOT "0000:17:05.5/pci10001:00/10001:00:02.0/"

static const char machine[] =
	"l " BUS "0000:00:01.0 ../../../devices/pci0000:00/0000:00:01.0\n"
	"f " PORT "class 0x060400\\n\nf " PORT "vendor 0x8086\\n\n"
	"f " PORT "device 0x0151\\n\nf " PORT "secondary_bus_number 1\\n\n"
	"l " PORT "driver ../../../bus/pci/drivers/pcieport\n"
	"l " BUS "0000:01:00.0 ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0\n"
	"f " CARD "class 0x030000\\n\nf " CARD "vendor 0x10de\\n\n"
	"f " CARD "device 0x1187\\n\nf " CARD "subsystem_vendor 0x1458\\n\n"
	"f " CARD "subsystem_device 0x3612\\n\nf " CARD "boot_vga 1\\n\n"
	"f " CARD "reset\n"
	"f " CARD "driver_override (null)\\n\nf " CARD "sriov_numvfs 2\\n\n"
	"f " CARD "resource 0x00000000fc000000 0x00000000fcffffff 0x0000000000040200\\n"
	"0x0000004000000000 0x0000004007ffffff 0x000000000014220c\\n" EMPTY EMPTY EMPTY
	"0x000000000000c000 0x000000000000c07f 0x0000000000040101\\n"
	"0x00000000fd000000 0x00000000fd07ffff 0x0000000000046200\\n"
	"0x0000000012340000 0x000000001234ffff 0x0000000000040200\\n\n"
	"l " CARD "iommu_group ../../../../kernel/iommu_groups/18\n"
	"l sys/bus/platform/devices/simple-framebuffer.0 "
	"../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0/simple-framebuffer.0\n"
	"d " CARD "simple-framebuffer.0\n"
	"l " BUS "0000:01:00.1 ../../../devices/pci0000:00/0000:00:01.0/0000:01:00.1\n"
	"f " SOUND "class 0x040300\\n\nf " SOUND "vendor 0x10de\\n\n"
	"f " SOUND "device 0x0e0a\\n\nf " SOUND "driver_override vfio-pci\\n\n"
	"f " SOUND "reset_method flr\\n\nf " SOUND "subsystem_vendor 0x5\\n\n"
	"f " SOUND "subsystem_device 1x3612\\n\n"
	"l " SOUND "driver ../../../../bus/pci/drivers/snd_hda_intel\n"
	"l " SOUND "physfn ../0000:01:00.0\n"
	"l " BUS "10001:00:02.0 "
	"../../../devices/pci0000:00/0000:17:05.5/pci10001:00/10001:00:02.0\n"
	"f " VMD "class 0x060400\\n\nf " VMD "vendor 0x8086\\n\nf " VMD
	"device 0x2030\\n\n"
	"l " BUS "10001:01:00.0 ../../../devices/pci0000:00/0000:17:05.5/pci10001:00/"
	"10001:00:02.0/10001:01:00.0\n"
	"f " VMD "10001:01:00.0/class 0x030200\\n\nf " VMD
	"10001:01:00.0/vendor 0x10de\\n\n"
	"f " VMD "10001:01:00.0/device 0x2531\\n\n";

static void reads_every_function(void **state)
{
	const struct eb_function *f;

	place_add(*state, machine);
	place_scan(*state, &pci);
	assert_int_equal(pci.count, 5);
	assert_int_equal(pci.left_out, 0);
	f = at("0000:00:01.0");
	assert_true(f->bridge && f->port);
	assert_int_equal(f->parent, EB_NO_FUNCTION);
	assert_int_equal(f->detail, -1);
	assert_string_equal(eb_pci_driver(&pci, f), "pcieport");
	f = at("0000:01:00.0");
	assert_int_equal(f->class, 0x030000);
	assert_int_equal(f->id.vendor, 0x10de);
	assert_int_equal(f->id.device, 0x1187);
	assert_int_equal(f->group, 18);
	assert_null(eb_pci_driver(&pci, f));
	assert_true(eb_pci_is_display(f) && !f->bridge && !f->port);
	assert_int_equal(f->parent, find("0000:00:01.0"));
	f = at("0000:01:00.1");
	assert_int_equal(f->group, EB_NO_GROUP);
	assert_string_equal(eb_pci_driver(&pci, f), "snd_hda_intel");
	assert_false(eb_pci_is_display(f));
	f = at("10001:01:00.0");
	assert_int_equal(f->parent, find("10001:00:02.0"));
	assert_true(eb_pci_is_display(f));
	f = at("10001:00:02.0");
	assert_int_equal(f->parent, EB_NO_FUNCTION);
	assert_true(f->bridge && !f->port);
	assert_int_equal(find("0001:01:00.0"), EB_NO_FUNCTION);
	assert_int_equal(find("10001:01:00.1"), EB_NO_FUNCTION);
}

static void reads_details(void **state)
{
	const struct eb_detail *d;

	place_add(*state, machine);
	place_scan(*state, &pci);
	assert_int_equal(pci.details, 3);
	assert_int_equal(pci.details_left_out, 0);
	d = detail("0000:01:00.0");
	assert_int_equal(at("0000:01:00.0")->subsystem.vendor, 0x1458);
	assert_int_equal(at("0000:01:00.0")->subsystem.device, 0x3612);
	assert_true(d->boot_vga && d->framebuffer && !d->virtual_function);
	assert_string_equal(d->override, "");
	assert_int_equal(d->vfs, 2);
	assert_true(d->reset);
	assert_int_equal(d->bar[0].range.start, 0xfc000000);
	assert_int_equal(d->bar[0].range.end, 0xfcffffff);
	assert_int_equal(d->bar[0].flags, 0x40200);
	assert_int_equal(d->bar[1].range.end, 0x4007ffffffULL);
	assert_int_equal(d->bar[2].flags, 0);
	assert_true(d->bar[5].flags & EB_RESOURCE_IO);
	assert_int_equal(d->bar[EB_ROM_BAR].range.start, 0xfd000000);
	d = detail("0000:01:00.1");
	assert_string_equal(d->override, "vfio-pci");
	assert_true(!d->boot_vga && !d->framebuffer && d->virtual_function);
	assert_int_equal(d->vfs, 0);
	assert_int_equal(at("0000:01:00.1")->subsystem.vendor, 5);
	assert_int_equal(at("0000:01:00.1")->subsystem.device, 0);
	assert_true(d->reset);
	d = detail("10001:01:00.0");
	assert_false(d->reset);
	assert_string_equal(d->override, "");
}

static void keeps_what_vanishes_out(void **state)
{
	struct place *place = *state;

	place_add(place, machine);
	unlinkat(place->root, CARD "device", 0);
	unlinkat(place->root, SOUND "driver", 0);
	/* Its directory went, its link is still there. */
	assert_int_equal(
		symlinkat("../../../devices/gone", place->root, BUS "0000:02:00.0"), 0);
	place_scan(place, &pci);
	assert_int_equal(find("0000:01:00.0"), EB_NO_FUNCTION);
	assert_int_equal(find("0000:02:00.0"), EB_NO_FUNCTION);
	assert_null(eb_pci_driver(&pci, at("0000:01:00.1")));
	assert_int_equal(pci.count, 4);
	unlinkat(place->root, PORT "class", 0);
	place_scan(place, &pci);
	assert_int_equal(at("0000:01:00.1")->parent, EB_NO_FUNCTION);
	assert_true(at("0000:01:00.1")->has_above);
}

static void says_when_there_is_no_bus(void **state)
{
	struct place *place = *state;

	memset(&pci, 0xa5, sizeof(pci));
	assert_int_equal(eb_pci_scan(place->root, &pci, true), -ENOENT);
	assert_int_equal(pci.count, 0);
}

static void reads_bars(void **state)
{
	static const struct {
		const char *line;
		int result;
		struct eb_bar bar;
		bool placed;
	} cases[] = {
		{"0xfc000000 0xfcffffff 0x40200",
		 0,
		 {{0xfc000000, 0xfcffffff}, 0x40200},
		 true},
		{"0x0 0x0 0x0", 0, {{0, 0}, 0}, false},
		{"0x000000000000c000 0x000000000000c07f 0x0000000000040101",
		 0,
		 {{0xc000, 0xc07f}, 0x40101},
		 true},
		{"0x0 0xfff 0x40200", 0, {{0, 0xfff}, 0x40200}, false},
		{"0x0 0x7ffffffff 0x20140200", 0, {{0, 0x7ffffffff}, 0x20140200}, false},
		{"0xe0000000 0xefffffff 0x10040200",
		 0,
		 {{0xe0000000, 0xefffffff}, 0x10040200},
		 false},
		{"0xe0000000 0xdfffffff 0x40200",
		 0,
		 {{0xe0000000, 0xdfffffff}, 0x40200},
		 false},
		{"0xffffffffffffffff 0xffffffffffffffff 0xffffffffffffffff",
		 0,
		 {{UINT64_MAX, UINT64_MAX}, UINT64_MAX},
		 false},
		{"", -EINVAL, {{7, 7}, 7}, false},
		{"hello", -EINVAL, {{7, 7}, 7}, false},
		{"0xfc000000 0xfcffffff", -EINVAL, {{7, 7}, 7}, false},
		{"0xfc000000 0xfcffffff 0x40200 ", -EINVAL, {{7, 7}, 7}, false},
		{"0xfc000000  0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{" 0xfc000000 0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{"1xfc000000 0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{"00fc000000 0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{"fc000000 fcffffff 40200", -EINVAL, {{7, 7}, 7}, false},
		{"0x 0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{"0xfc000000 -0xfcffffff 0x40200", -EINVAL, {{7, 7}, 7}, false},
		{"0x1fffffffffffffffff 0x0 0x0", -EINVAL, {{7, 7}, 7}, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_bar bar = {{7, 7}, 7};

		ROW(cases[i].line);
		assert_int_equal(eb_pci_read_bar(cases[i].line, &bar), cases[i].result);
		assert_memory_equal(&bar, &cases[i].bar, sizeof(bar));
		if (cases[i].result == 0)
			assert_int_equal(eb_pci_bar_placed(&bar), cases[i].placed);
	}
}

static void reads_modalias(void **state)
{
	static const struct {
		const char *text;
		int result;
	} cases[] = {
		{"pci:v000010DEd00001187sv00001458sd00003612bc03sc80i01", 0},
		{"pci:v000010ded00001187sv00001458sd00003612bc03sc80i01", 0},
		{"pci:v000010DEd00001187sv00001458sd00003612bc03sc80i01 ", -EINVAL},
		{"pci:v000010DEd00001187sv00001458sd00003612bc03sc80i1", -EINVAL},
		{"pci:v000010DEd00001187sv00001458sd00003612bc03sc80i", -EINVAL},
		{"pci:v000010DEd00001187sv00001458sd00003612bc03sc80", -EINVAL},
		{"pci:v000010DEd00001187sd00001458sv00003612bc03sc80i01", -EINVAL},
		{"pci:v000110DEd00001187sv00001458sd00003612bc03sc80i01", -EINVAL},
		{"pci:v10DEd1187sv1458sd3612bc03sc80i01", -EINVAL},
		{"usb:v000010DEd00001187sv00001458sd00003612bc03sc80i01", -EINVAL},
		{"pci:v", -EINVAL},
		{"", -EINVAL},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct eb_function f = {.class = 7};

		ROW(cases[i].text);
		assert_int_equal(eb_pci_read_modalias(cases[i].text, &f),
				 cases[i].result);
		assert_int_equal(f.class, cases[i].result ? 7 : 0x038001);
		assert_int_equal(f.id.vendor, cases[i].result ? 0 : 0x10de);
		assert_int_equal(f.id.device, cases[i].result ? 0 : 0x1187);
		assert_int_equal(f.subsystem.vendor, cases[i].result ? 0 : 0x1458);
		assert_int_equal(f.subsystem.device, cases[i].result ? 0 : 0x3612);
	}
}

/* One file of each function says all, and the attributes are not asked. */
static void prefers_modalias(void **state)
{
	place_add(*state, machine);
	place_add(*state,
		  "f " CARD
		  "modalias pci:v00001002d00007300sv00001043sd00000001bc03sc80i00\\n\n"
		  "f " SOUND "modalias nonsense\\n\n");
	place_scan(*state, &pci);
	assert_int_equal(at("0000:01:00.0")->class, 0x038000);
	assert_int_equal(at("0000:01:00.0")->id.device, 0x7300);
	assert_int_equal(at("0000:01:00.0")->subsystem.vendor, 0x1043);
	assert_int_equal(at("0000:01:00.1")->id.device, 0x0e0a);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_setup, place_teardown)

/* A FIFO without a writer blocks its reader, as an attribute behind a lock does. */
static void gives_up_what_is_locked(void **state)
{
	struct place *place = *state;

	place_add(place, "f sys/bus/pci/devices/0000:01:00.0/class 0x030000\\n\n"
			 "f sys/bus/pci/devices/0000:01:00.0/vendor 0x10de\\n\n"
			 "f sys/bus/pci/devices/0000:01:00.0/device 0x1187\\n\n");
	assert_int_equal(
		mkfifo(place_path(place,
				  "sys/bus/pci/devices/0000:01:00.0/driver_override"),
		       0600),
		0);
	place_scan(place, &pci);
	assert_true(detail("0000:01:00.0")->stuck);
	assert_string_equal(detail("0000:01:00.0")->override, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(reads_every_function),    TEST(reads_details),
		TEST(keeps_what_vanishes_out), TEST(says_when_there_is_no_bus),
		cmocka_unit_test(reads_bars),  TEST(reads_every_function),
		TEST(gives_up_what_is_locked), cmocka_unit_test(reads_modalias),
		TEST(prefers_modalias),
	};

	return cmocka_run_group_tests_name("pci", tests, NULL, NULL);
}
