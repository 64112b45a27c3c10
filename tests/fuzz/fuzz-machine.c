// SPDX-License-Identifier: GPL-2.0-or-later
/* Fuzz a whole machine: lines of a tree file take the place of those of a small machine,
 * which is examined as at boot. The plan is what the oracle says, and the report is
 * sound JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <json-c/json.h>

#include <earlybind/sysfs.h>

#include "memory-sysfs.h"
#include "oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct eb_survey survey;
static struct oracle oracle;

static void expect(int right)
{
	if (!right)
		abort();
}

#define PCI "sys/devices/pci0000:00/"
#define VGA PCI "0000:00:01.0/0000:01:00.0/"
#define SND PCI "0000:00:01.0/0000:01:00.1/"
#define NONE                                                          \
	"0x0000000000000000 0x0000000000000000 0x0000000000000000\\n" \
	"0x0000000000000000 0x0000000000000000 0x0000000000000000\\n"

/* A root port, a display controller with the console, its audio, a network card. */
static const char machine[] =
	"f proc/cmdline vfio.gpus=01:00,all\n"
	"f proc/cpuinfo vendor_id\\t: GenuineIntel\\n\n"
	"f proc/sys/kernel/osrelease 6.1.0-40-amd64\n"
	"f proc/iomem 80000000-9fffffff : PCI Bus 0000:00\\n  80000000-8fffffff : "
	"0000:01:00.0\\n    80000000-807fffff : efifb\\n\n"
	"f dev/kmsg 4,302,500001,-;pci 0000:01:00.1: BAR 0: no space for [mem size "
	"0x00004000]\\n\n"
	"d sys/kernel/iommu_groups/1\n"
	"f sys/kernel/boot_params/data \\x00\n"
	"l sys/bus/platform/devices/efi-framebuffer.0 "
	"../../../devices/platform/efi-framebuffer.0\n"
	"l sys/devices/platform/efi-framebuffer.0/driver "
	"../../../bus/platform/drivers/efi-framebuffer\n"
	"f sys/class/vtconsole/vtcon1/name (M) frame buffer device\\n\n"
	"f sys/class/vtconsole/vtcon1/bind 1\\n\n"
	"d sys/bus/pci/drivers/nouveau\n"
	"l sys/bus/pci/devices/0000:00:01.0 ../../../devices/pci0000:00/0000:00:01.0\n"
	"f " PCI "0000:00:01.0/class 0x060400\\n\n"
	"f " PCI "0000:00:01.0/vendor 0x8086\\n\n"
	"f " PCI "0000:00:01.0/device 0x1901\\n\n"
	"f " PCI "0000:00:01.0/modalias "
	"pci:v00008086d00001901sv00001043sd00008694bc06sc04i00\\n\n"
	"f " PCI "0000:00:01.0/secondary_bus_number 1\\n\n"
	"l sys/bus/pci/devices/0000:01:00.0 "
	"../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0\n"
	"f " VGA "class 0x030000\\n\n"
	"f " VGA "vendor 0x10de\\n\n"
	"f " VGA "device 0x1e87\\n\n"
	"f " VGA "subsystem_vendor 0x1043\\n\n"
	"f " VGA "subsystem_device 0x8661\\n\n"
	"f " VGA "modalias pci:v000010DEd00001E87sv00001043sd00008661bc03sc00i00\\n\n"
	"f " VGA "resource 0x0000000080000000 0x000000008fffffff "
	"0x000000000014220c\\n" NONE "\n"
	"f " VGA "driver_override (null)\\n\n"
	"f " VGA "boot_vga 1\\n\n"
	"f " VGA "reset_method flr\\n\n"
	"l " VGA "driver ../../../../bus/pci/drivers/nouveau\n"
	"l " VGA "iommu_group ../../../../kernel/iommu_groups/1\n"
	"l sys/bus/pci/devices/0000:01:00.1 "
	"../../../devices/pci0000:00/0000:00:01.0/0000:01:00.1\n"
	"f " SND "class 0x040300\\n\n"
	"f " SND "vendor 0x10de\\n\n"
	"f " SND "device 0x10f8\\n\n"
	"f " SND "modalias pci:v000010DEd000010F8sv00001043sd00008661bc04sc03i00\\n\n"
	"f " SND "resource 0x0000000000000000 0x0000000000003fff "
	"0x0000000020040200\\n" NONE "\n"
	"f " SND "driver_override (null)\\n\n"
	"f " SND "sriov_numvfs 0\\n\n"
	"l " SND "iommu_group ../../../../kernel/iommu_groups/1\n"
	"l sys/bus/pci/devices/0000:00:1f.6 ../../../devices/pci0000:00/0000:00:1f.6\n"
	"f " PCI "0000:00:1f.6/class 0x020000\\n\n"
	"f " PCI "0000:00:1f.6/vendor 0x8086\\n\n"
	"f " PCI "0000:00:1f.6/device 0x15bc\\n\n"
	"l " PCI "0000:00:1f.6/iommu_group ../../../kernel/iommu_groups/1\n";

/* --- what comes out --- */

static int read_locked(void *ctx, const char *path, char *buf, size_t size)
{
	return (int)eb_sysfs_read(*(int *)ctx, path, buf, size);
}

static void check_plan(void)
{
	unsigned int i;

	expect(survey.plan.count <= EB_MAX_DEVICES);
	oracle_ask(&oracle, &survey);
	for (i = 0; i < survey.pci.count; i++) {
		const struct eb_device *device = eb_plan_find(&survey.plan, (int)i);

		expect((device && device->result == EB_RESULT_PLANNED) ==
		       oracle_plans(&oracle, i));
	}
}

/* A report file that is written again and again. */
static int report_file(void)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("report", 0);
	expect(fd >= 0 && ftruncate(fd, 0) == 0 && lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

static void check_json(void)
{
	struct eb_report report = eb_survey_report(&survey);
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *json;
	static char text[1 << 20];
	int fd = report_file();
	ssize_t n;

	expect(eb_report_json(&report, fd) == 0);
	n = pread(fd, text, sizeof(text), 0);
	expect(n > 0 && n < (ssize_t)sizeof(text));
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	json = json_tokener_parse_ex(tokener, text, (int)n);
	/* Nothing follows the object but a newline. */
	expect(json && json_tokener_get_error(tokener) == json_tokener_success);
	expect(json_object_array_length(json_object_object_get(json, "devices")) ==
	       survey.plan.count);
	expect(json_object_array_length(json_object_object_get(json, "findings")) ==
	       survey.findings.count);
	expect(eb_report_text(&report, report_file()) == 0);
	json_object_put(json);
	json_tokener_free(tokener);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int root = eb_sysfs_root("/");

	memory_sysfs_clear();
	memory_sysfs_add((const char *)data, size);
	memory_sysfs_add(machine, sizeof(machine) - 1);
	memset(&survey, 0, sizeof(survey));
	survey.locked = (struct eb_locked){.ctx = &root, .read = read_locked};
	if (eb_survey_request(&survey, root) == 0 && survey.request.asked) {
		eb_survey_machine(&survey, root);
		eb_survey_predict(&survey, root);
		check_plan();
		check_json();
	}
	return 0;
}
